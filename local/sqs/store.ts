import { mkdirSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { type Message, messageSchema } from './message.ts';

/** What changes on disk, all of it or nothing. */
export type Change =
  | { readonly put: Message; readonly queue: string }
  | { readonly remove: Message; readonly queue: string };

/** Messages on disk, by queue and in the order they were sent. */
export class MessageStore {
  readonly #level: ClassicLevel<string, unknown>;

  private constructor(level: ClassicLevel<string, unknown>) {
    this.#level = level;
  }

  /** @throws {Error} where another process holds the folder or its content is damaged */
  static async open(path: string): Promise<MessageStore> {
    mkdirSync(path, { recursive: true });
    const level = new ClassicLevel<string, unknown>(path, { valueEncoding: 'json' });
    try {
      await level.open();
    } catch (error) {
      throw new Error(`${path} can't be opened: ${String((error as Error).cause ?? error)}`);
    }
    return new MessageStore(level);
  }

  async load(queue: string): Promise<Message[]> {
    const messages: Message[] = [];
    for await (const value of this.#level.values({ gte: `${queue}/`, lt: `${queue}0` })) {
      messages.push(messageSchema.parse(value));
    }
    return messages;
  }

  async apply(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#level.batch(
      changes.map((change) =>
        'put' in change
          ? { type: 'put', key: keyOf(change.queue, change.put), value: change.put }
          : { type: 'del', key: keyOf(change.queue, change.remove) },
      ),
    );
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}

function keyOf(queue: string, message: Message): string {
  return `${queue}/${String(message.sequence).padStart(16, '0')}/${message.id}`;
}

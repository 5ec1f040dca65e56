import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import type { Message, MessageAttributes } from './message.ts';
import type { Change, MessageStore } from './store.ts';

export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  /** Bytes. */
  readonly maximumMessageSize: number;
  readonly redrive: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number } | undefined;
}

export interface NewMessage {
  readonly body: string;
  readonly messageAttributes: MessageAttributes;
  readonly senderId: string;
  /** @default - the queue's own delay */
  readonly delaySeconds?: number | undefined;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly oldestAgeSeconds: number;
}

/** One standard queue. What a method promises is on disk before the promise resolves. */
export class Queue {
  readonly #store: MessageStore;
  readonly #clock: Clock;
  #settings: QueueSettings;
  #deadLetterQueue: () => Queue | undefined = () => undefined;
  readonly #messages = new Map<string, Message>();
  readonly #listeners = new Set<() => void>();
  #lastSequence = 0;
  #cancelWake: (() => void) | undefined;

  private constructor(
    settings: QueueSettings,
    store: MessageStore,
    clock: Clock,
    deadLetterQueue: (arn: string) => Queue | undefined,
  ) {
    this.#settings = settings;
    this.#store = store;
    this.#clock = clock;
    this.configure(settings, deadLetterQueue);
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  /** Changes what the queue does from now on; its messages stay. */
  configure(settings: QueueSettings, deadLetterQueue: (arn: string) => Queue | undefined): void {
    this.#settings = settings;
    const target = settings.redrive?.deadLetterTargetArn;
    this.#deadLetterQueue = () => (target === undefined ? undefined : deadLetterQueue(target));
  }

  /** Opens a queue with what an earlier run left in it. */
  static async open(
    settings: QueueSettings,
    store: MessageStore,
    clock: Clock,
    deadLetterQueue: (arn: string) => Queue | undefined,
  ): Promise<Queue> {
    const queue = new Queue(settings, store, clock, deadLetterQueue);
    for (const message of await store.load(settings.name)) queue.#keep(message);
    return queue;
  }

  async send(message: NewMessage): Promise<Message> {
    const now = this.#clock.now();
    const stored: Message = {
      id: randomUUID(),
      sequence: this.#nextSequence(),
      body: message.body,
      messageAttributes: message.messageAttributes,
      senderId: message.senderId,
      sentAt: now,
      visibleAt: now + (message.delaySeconds ?? this.settings.delaySeconds) * 1000,
      receiveCount: 0,
    };
    await this.#store.apply([{ put: stored, queue: this.settings.name }]);
    this.#keep(stored);
    this.wake();
    return stored;
  }

  /** Takes up to `max` visible messages out of sight; those received too often go to the dead-letter queue instead. */
  async receive(
    max: number,
    visibilityTimeoutSeconds = this.settings.visibilityTimeoutSeconds,
  ): Promise<Message[]> {
    const now = this.#clock.now();
    const changes: Change[] = this.#expired(now);
    const received: Message[] = [];
    const dead: Message[] = [];
    const deadLetterQueue = this.#deadLetterQueue();
    const maxReceiveCount = this.settings.redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
    for (const message of this.#messages.values()) {
      if (received.length === max) break;
      if (message.visibleAt > now) continue;
      if (deadLetterQueue !== undefined && message.receiveCount >= maxReceiveCount) {
        dead.push(message);
        this.#messages.delete(message.id);
        changes.push({ remove: message, queue: this.settings.name });
        continue;
      }
      const taken: Message = {
        ...message,
        visibleAt: now + visibilityTimeoutSeconds * 1000,
        receiveCount: message.receiveCount + 1,
        firstReceivedAt: message.firstReceivedAt ?? now,
        receiptHandle: Buffer.from(`${message.id}/${randomUUID()}`).toString('base64url'),
      };
      this.#messages.set(message.id, taken);
      changes.push({ put: taken, queue: this.settings.name });
      received.push(taken);
    }
    const moved = deadLetterQueue?.adopt(dead, this.settings.arn) ?? [];
    await this.#store.apply([...changes, ...moved]);
    if (moved.length > 0) deadLetterQueue?.wake();
    this.wake();
    return received;
  }

  /** @throws {AwsError} ReceiptHandleIsInvalid for a handle that no queue has issued */
  async delete(receiptHandle: string): Promise<void> {
    const message = this.#messages.get(messageIdOf(receiptHandle));
    // An old handle is accepted and has no effect, as is one of a message that is gone.
    if (message === undefined || message.receiptHandle !== receiptHandle) return;
    this.#messages.delete(message.id);
    await this.#store.apply([{ remove: message, queue: this.settings.name }]);
  }

  /** @throws {AwsError} MessageNotInflight where the message is visible, gone, or was received again */
  async changeVisibility(receiptHandle: string, timeoutSeconds: number): Promise<void> {
    const message = this.#messages.get(messageIdOf(receiptHandle));
    const now = this.#clock.now();
    if (message === undefined || message.receiptHandle !== receiptHandle || message.visibleAt <= now) {
      throw new AwsError(400, 'MessageNotInflight', 'The specified message is not in flight.');
    }
    const changed: Message = { ...message, visibleAt: now + timeoutSeconds * 1000 };
    this.#messages.set(message.id, changed);
    await this.#store.apply([{ put: changed, queue: this.settings.name }]);
    this.wake();
  }

  async purge(): Promise<void> {
    const changes = [...this.#messages.values()].map(
      (remove): Change => ({ remove, queue: this.settings.name }),
    );
    this.#messages.clear();
    await this.#store.apply(changes);
  }

  counts(): QueueCounts {
    const now = this.#clock.now();
    const counts = { visible: 0, inFlight: 0, delayed: 0, oldestAgeSeconds: 0 };
    for (const message of this.#messages.values()) {
      if (this.#isExpired(message, now)) continue;
      if (message.visibleAt <= now) counts.visible += 1;
      else if (message.receiveCount > 0) counts.inFlight += 1;
      else counts.delayed += 1;
      counts.oldestAgeSeconds = Math.max(counts.oldestAgeSeconds, Math.floor((now - message.sentAt) / 1000));
    }
    return counts;
  }

  /** Calls back when a message may have become visible, also for those that already are. */
  onVisible(callback: () => void): () => void {
    this.#listeners.add(callback);
    this.wake();
    return () => this.#listeners.delete(callback);
  }

  /** Takes in what another queue gave up on; the caller writes the changes together with its own. */
  adopt(messages: readonly Message[], deadLetterSource: string): Change[] {
    return messages.map((message) => {
      const { receiptHandle: _, firstReceivedAt: __, ...rest } = message;
      const put: Message = { ...rest, sequence: this.#nextSequence(), deadLetterSource, receiveCount: 0 };
      this.#keep(put);
      return { put, queue: this.settings.name };
    });
  }

  close(): void {
    this.#cancelWake?.();
    this.#listeners.clear();
  }

  #keep(message: Message): void {
    this.#messages.set(message.id, message);
    this.#lastSequence = Math.max(this.#lastSequence, message.sequence);
  }

  /** Microseconds of the clock, and always more than the last one, so that the order outlives a restart. */
  #nextSequence(): number {
    this.#lastSequence = Math.max(this.#lastSequence + 1, this.#clock.now() * 1000);
    return this.#lastSequence;
  }

  #isExpired(message: Message, now: number): boolean {
    return message.sentAt + this.settings.retentionSeconds * 1000 <= now;
  }

  #expired(now: number): Change[] {
    const gone = [...this.#messages.values()].filter((message) => this.#isExpired(message, now));
    for (const message of gone) this.#messages.delete(message.id);
    return gone.map((remove) => ({ remove, queue: this.settings.name }));
  }

  /** Tells the listeners now if anything is visible, and otherwise when the next message will be. */
  wake(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (this.#listeners.size === 0 || this.#messages.size === 0) return;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const message of this.#messages.values()) next = Math.min(next, message.visibleAt);
    const callAll = (): void => {
      for (const listener of [...this.#listeners]) listener();
    };
    if (next <= now) queueMicrotask(callAll);
    else this.#cancelWake = this.#clock.after(next - now, callAll);
  }
}

function messageIdOf(receiptHandle: string): string {
  const [id, nonce] = Buffer.from(receiptHandle, 'base64url').toString('utf8').split('/');
  if (id === undefined || nonce === undefined) {
    throw new AwsError(
      400,
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receiptHandle}" is not valid.`,
    );
  }
  return id;
}

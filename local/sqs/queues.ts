import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { NotEmulatedResource } from '../core/plugin/service-plugin.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import type { LocalResource } from '../template/resource-types.ts';
import { Queue, type QueueSettings } from './queue.ts';
import { readSettings } from './settings.ts';
import type { MessageStore } from './store.ts';

/** Every queue of the assembly, by name and by ARN. */
export class Queues {
  readonly notEmulated: readonly NotEmulatedResource[];
  readonly #byName: ReadonlyMap<string, Queue>;
  readonly #byArn: ReadonlyMap<string, Queue>;
  readonly #settings: readonly QueueSettings[];

  private constructor(
    queues: readonly Queue[],
    settings: readonly QueueSettings[],
    notEmulated: readonly NotEmulatedResource[],
  ) {
    this.#byName = new Map(queues.map((queue) => [queue.settings.name, queue]));
    this.#byArn = new Map(queues.map((queue) => [queue.settings.arn, queue]));
    this.#settings = settings;
    this.notEmulated = notEmulated;
  }

  /**
   * Opens the queues of a deployment. Those that `before` has stay what they are, with their messages, until `configure`.
   * @throws {Error} where a redrive policy names a queue that does not exist
   */
  static async open(
    cloud: LocalCloud,
    resources: readonly LocalResource[],
    store: MessageStore,
    before?: Queues,
  ): Promise<Queues> {
    const settings: QueueSettings[] = [];
    const notEmulated: NotEmulatedResource[] = [];
    for (const resource of resources) {
      const read = readSettings(resource);
      if (read !== undefined) settings.push(read);
      else
        notEmulated.push({
          type: resource.type,
          path: resource.path,
          reason: 'FIFO queues are not emulated',
        });
    }
    let opened: Queues | undefined;
    const deadLetterQueue = (arn: string): Queue | undefined => opened?.byArn(arn);
    const queues: Queue[] = [];
    for (const one of settings) {
      queues.push(before?.byArn(one.arn) ?? (await Queue.open(one, store, cloud.clock, deadLetterQueue)));
    }
    opened = new Queues(queues, settings, notEmulated);
    for (const { path, redrive } of settings) {
      if (redrive === undefined || opened.byArn(redrive.deadLetterTargetArn) !== undefined) continue;
      throw new Error(
        `${path}: no queue of any template has the ARN ${redrive.deadLetterTargetArn} (RedrivePolicy)`,
      );
    }
    return opened;
  }

  /** Gives every queue the settings of this deployment. */
  configure(): void {
    for (const settings of this.#settings)
      this.#byArn.get(settings.arn)?.configure(settings, (arn) => this.#byArn.get(arn));
  }

  all(): readonly Queue[] {
    return [...this.#byName.values()];
  }

  byArn(arn: string): Queue | undefined {
    return this.#byArn.get(arn);
  }

  /** @throws {AwsError} QueueDoesNotExist, as SQS words it */
  named(name: string | undefined): Queue {
    const queue = name === undefined ? undefined : this.#byName.get(name);
    if (queue !== undefined) return queue;
    throw new AwsError(400, 'QueueDoesNotExist', 'The specified queue does not exist.');
  }
}

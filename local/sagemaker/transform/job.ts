import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { ProcessRecord } from '../model/leftovers.ts';
import {
  type ContainerAnswer,
  ContainerGone,
  ContainerTimeout,
  ModelProcess,
} from '../model/model-process.ts';
import type { Program } from '../model/program.ts';
import { placeOf, type RoleStorage, StorageError } from '../model/role-storage.ts';
import { assembled, PayloadTooLarge, payloadsOf } from './payloads.ts';
import type { TransformRequest } from './request.ts';

/** The log group of all transform jobs. */
const LOG_GROUP = '/aws/sagemaker/TransformJobs';

/** Milliseconds that the model server may take until it answers pings, as on an endpoint without a bound of its own. */
const STARTUP_TIMEOUT_MS = 600_000;

const MB = 1024 * 1024;

/** What the job itself is to blame for, in SageMaker's terms. */
class ClientError extends Error {
  override readonly name = 'ClientError';
}

/** The model server failed: its own fault, in SageMaker's terms. */
class AlgorithmError extends Error {
  override readonly name = 'AlgorithmError';
}

export interface JobOptions {
  readonly cloud: LocalCloud;
  readonly request: TransformRequest;
  readonly program: Program;
  readonly storage: RoleStorage;
  readonly record: ProcessRecord;
  readonly preload: string;
}

/**
 * The work of one transform job: a model server of its own, which is sent every object below a prefix. One process stands
 * for all instances; it gets as many requests at a time as one instance would.
 */
export class JobRun {
  readonly #options: JobOptions;
  #process: ModelProcess | undefined;
  #inFlight = 0;
  #stopped = false;

  constructor(options: JobOptions) {
    this.#options = options;
  }

  /** The model server, while there is one. */
  get process(): { readonly pid: number; readonly inFlight: number } | undefined {
    return this.#process === undefined ? undefined : { pid: this.#process.pid, inFlight: this.#inFlight };
  }

  /** Does everything. @returns why it failed; undefined where it did not */
  async run(): Promise<string | undefined> {
    try {
      const { storage, request } = this.#options;
      const uri = request.TransformInput.DataSource.S3DataSource.S3Uri;
      const keys = await storage.list(uri);
      if (keys.length === 0) throw new ClientError(`no objects are found below ${uri}`);
      const process = await this.#start();
      await this.#workOff(process, keys);
      return undefined;
    } catch (error) {
      return this.#reason(error as Error);
    } finally {
      await this.#process?.stop();
      this.#process = undefined;
    }
  }

  /** Ends the model server; `run` then resolves. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#process?.stop();
  }

  async #start(): Promise<ModelProcess> {
    const { cloud, request, program, record, preload } = this.#options;
    const environment = {
      ...program.environment,
      SAGEMAKER_BATCH: 'true',
      SAGEMAKER_MAX_PAYLOAD_IN_MB: String(request.MaxPayloadInMB),
      SAGEMAKER_BATCH_STRATEGY: request.BatchStrategy,
      SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(request.MaxConcurrentTransforms),
      ...request.Environment,
    };
    const process = await ModelProcess.spawn(
      { ...program, environment },
      {
        clock: cloud.clock,
        preload,
        print: (line) => cloud.log.group(LOG_GROUP, `${request.TransformJobName} ${line}`),
      },
    );
    this.#process = process;
    record.add(process.pid);
    void process.exited.then(() => record.remove(process.pid));
    if (this.#stopped) await process.stop();
    try {
      await process.healthy(STARTUP_TIMEOUT_MS, (reason) =>
        cloud.log.warn(`transform job ${request.TransformJobName}: GET /ping answers ${reason}`),
      );
    } catch (error) {
      throw new AlgorithmError((error as Error).message);
    }
    return process;
  }

  /** Several objects at a time, as many as requests may be under way. */
  async #workOff(process: ModelProcess, keys: readonly string[]): Promise<void> {
    const waiting = [...keys];
    const worker = async (): Promise<void> => {
      for (let key = waiting.shift(); key !== undefined && !this.#stopped; key = waiting.shift()) {
        try {
          await this.#transform(process, key);
        } catch (error) {
          // The job has failed: what is under way ends, and nothing more is begun.
          waiting.length = 0;
          throw error;
        }
      }
    };
    const workers = Math.max(1, this.#options.request.MaxConcurrentTransforms);
    await Promise.all(Array.from({ length: workers }, worker));
  }

  async #transform(process: ModelProcess, key: string): Promise<void> {
    const { storage, request } = this.#options;
    const { TransformInput: input, TransformOutput: output } = request;
    const source = placeOf(input.DataSource.S3DataSource.S3Uri);
    const target = placeOf(output.S3OutputPath);
    const payloads = payloadsOf(await storage.read(source.bucket, key), {
      split: input.SplitType,
      strategy: request.BatchStrategy,
      limitBytes: request.MaxPayloadInMB * MB,
    });
    const answers: Buffer[] = [];
    let contentType = output.Accept ?? 'application/octet-stream';
    for (const payload of payloads) {
      const answer = await this.#invoke(process, payload);
      answers.push(answer.body);
      const type = answer.headers['content-type'];
      if (typeof type === 'string') contentType = type;
    }
    const folder = target.key === '' || target.key.endsWith('/') ? target.key : `${target.key}/`;
    const name = key.slice(source.key.lastIndexOf('/') + 1);
    const body = assembled(answers, output.AssembleWith);
    await storage.write(target.bucket, `${folder}${name}.out`, body, contentType);
  }

  /** @throws {ClientError} where the server refuses the request, {@link AlgorithmError} where it fails on it */
  async #invoke(process: ModelProcess, body: Buffer): Promise<ContainerAnswer> {
    const { TransformInput, TransformOutput, ModelClientConfig: client } = this.#options.request;
    const headers = {
      'content-type': TransformInput.ContentType,
      ...(TransformOutput.Accept !== undefined && { accept: TransformOutput.Accept }),
    };
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt >= client.InvocationsMaxRetries;
      this.#inFlight += 1;
      try {
        const answer = await process.invoke({ headers, body }, client.InvocationsTimeoutInSeconds * 1000);
        if (answer.status < 400) return answer;
        if (answer.status < 500)
          throw new ClientError(`the model server refused a request with ${answer.status}`);
        if (isLast) throw new AlgorithmError(`the model server failed on a request with ${answer.status}`);
      } catch (error) {
        if (error instanceof ContainerGone) throw await this.#gone(process, error);
        if (!(error instanceof ContainerTimeout)) throw error;
        if (isLast) throw new AlgorithmError(error.message);
      } finally {
        this.#inFlight -= 1;
      }
    }
  }

  async #gone(process: ModelProcess, error: ContainerGone): Promise<AlgorithmError> {
    return new AlgorithmError(
      process.hasExited
        ? `the model process ended with ${await process.exited}`
        : `the model server closed a connection: ${error.message}`,
    );
  }

  #reason(error: Error): string {
    if (error instanceof ClientError || error instanceof AlgorithmError)
      return `${error.name}: ${error.message}`;
    if (error instanceof PayloadTooLarge || error instanceof StorageError)
      return `ClientError: ${error.message}`;
    this.#options.cloud.log.warn(
      `transform job ${this.#options.request.TransformJobName}: ${error.stack ?? error.message}`,
    );
    return 'InternalServerError: We encountered an internal error. Please try again.';
  }
}

import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { ServiceProcess } from '../../core/plugin/service-plugin.ts';
import { AwsError } from '../../core/wire/aws-error.ts';
import { type DeclaredModel, readModels } from '../declared/endpoints.ts';
import { UnrunnableImage } from '../model/dockerfile.ts';
import type { ProcessRecord } from '../model/leftovers.ts';
import { type Program, resolveProgram } from '../model/program.ts';
import { RoleStorage } from '../model/role-storage.ts';
import { JobRun } from './job.ts';
import { parseRequest, type TransformRequest } from './request.ts';
import type { TransformDescription, TransformService, TransformStatus } from './service.ts';

interface Job {
  readonly request: TransformRequest;
  readonly run: JobRun;
  readonly startedAt: number;
  status: TransformStatus;
  failureReason: string | undefined;
  endedAt: number | undefined;
  ended: Promise<void>;
}

/** All transform jobs since the local cloud started: they are kept in memory, as names that are taken. */
export class TransformJobs implements TransformService {
  readonly #cloud: LocalCloud;
  readonly #record: ProcessRecord;
  readonly #preload: string;
  readonly #models: ReadonlyMap<string, DeclaredModel>;
  readonly #jobs = new Map<string, Job>();

  constructor(cloud: LocalCloud, record: ProcessRecord, preload: string) {
    this.#cloud = cloud;
    this.#record = record;
    this.#preload = preload;
    this.#models = readModels(cloud);
  }

  async create(value: unknown): Promise<{ readonly TransformJobArn: string }> {
    const request = parseRequest(value);
    const { TransformJobName: name, ModelName } = request;
    const model = this.#models.get(ModelName);
    if (model === undefined)
      throw new AwsError(400, 'ValidationException', `Could not find model "${ModelName}".`);
    const program = await this.#program(ModelName, model);
    if (this.#jobs.has(name)) {
      throw new AwsError(
        400,
        'ResourceInUse',
        `Job name must be unique within an AWS account and region, and a job with this name already exists (${this.#arn(name)})`,
      );
    }
    const run = new JobRun({
      cloud: this.#cloud,
      request,
      program,
      storage: new RoleStorage(this.#cloud, model.roleArn),
      record: this.#record,
      preload: this.#preload,
    });
    const job: Job = {
      request,
      run,
      startedAt: this.#cloud.clock.now(),
      status: 'InProgress',
      failureReason: undefined,
      endedAt: undefined,
      ended: Promise.resolve(),
    };
    this.#jobs.set(name, job);
    job.ended = run.run().then((failureReason) => this.#end(job, failureReason));
    return { TransformJobArn: this.#arn(name) };
  }

  async describe(name: string): Promise<TransformDescription> {
    const { request, status, failureReason, startedAt, endedAt } = this.#find(name);
    return {
      ...request,
      TransformJobArn: this.#arn(name),
      TransformJobStatus: status,
      ...(failureReason !== undefined && { FailureReason: failureReason }),
      CreationTime: startedAt / 1000,
      TransformStartTime: startedAt / 1000,
      ...(endedAt !== undefined && { TransformEndTime: endedAt / 1000 }),
    };
  }

  async stop(name: string): Promise<void> {
    const job = this.#find(name);
    if (job.status !== 'InProgress') return;
    job.status = 'Stopping';
    await job.run.stop();
  }

  async ended(name: string): Promise<TransformDescription> {
    await this.#find(name).ended;
    return this.describe(name);
  }

  processes(): readonly ServiceProcess[] {
    return [...this.#jobs].flatMap(([name, { run }]) =>
      run.process === undefined ? [] : [{ name: `transform-job/${name}`, ...run.process }],
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#jobs.keys()].map((name) => this.stop(name)));
    await Promise.all([...this.#jobs.values()].map(({ ended }) => ended));
  }

  #end(job: Job, failureReason: string | undefined): void {
    job.endedAt = this.#cloud.clock.now();
    if (job.status === 'Stopping') job.status = 'Stopped';
    else job.status = failureReason === undefined ? 'Completed' : 'Failed';
    if (job.status === 'Failed') job.failureReason = failureReason;
  }

  async #program(name: string, { container }: DeclaredModel): Promise<Program> {
    try {
      if (container === undefined) throw new UnrunnableImage('models of several containers are not emulated');
      return await resolveProgram(this.#cloud, container);
    } catch (error) {
      if (!(error instanceof UnrunnableImage)) throw error;
      throw new AwsError(501, 'NotImplemented', `The model ${name} does not run here: ${error.message}.`);
    }
  }

  #find(name: string): Job {
    const job = this.#jobs.get(name);
    if (job === undefined)
      throw new AwsError(400, 'ResourceNotFound', `Could not find transform job "${name}".`);
    return job;
  }

  #arn(name: string): string {
    const { region, accountId } = this.#cloud;
    return `arn:aws:sagemaker:${region}:${accountId}:transform-job/${name.toLowerCase()}`;
  }
}

import { resolve } from 'node:path';
import type { ApiGatewayService } from '../apigateway/service.ts';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { MemoryMetricStore } from '../cloudwatch/metric-store.ts';
import { createCloud, type RunningCloud } from '../core/cloud.ts';
import type { Terminal } from '../core/file-log.ts';
import { servicePlugins } from '../registry/service-plugins.ts';
import { lockDataDir } from './data-lock.ts';
import { readModelOutputs } from './outputs.ts';
import { warmFirst, warmLater } from './warm-up.ts';

export interface LocalOptions {
  /** A synthesized cloud assembly. */
  readonly assemblyDir: string;
  /** Where data, logs and API keys are kept. */
  readonly dataDir: string;
  /** @default 0 - any free port */
  readonly port?: number;
  /** @default 0 - any free port */
  readonly frontDoorPort?: number;
  /** @default - the machine's own time */
  readonly clock?: Clock;
  /** Where messages for a person go. @default - standard error */
  readonly log?: Terminal;
  /** Start functions and models before the first request. @default true */
  readonly warm?: boolean;
}

export { PortInUse } from '../apigateway/server.ts';
export { DeploymentFailed } from '../core/cloud.ts';

/** A model that is being served. */
export interface LocalModel {
  readonly name: string;
  /** The base of its API, without a slash at the end. */
  readonly url: string;
  /** Undefined where the API asks for none. */
  readonly apiKey: string | undefined;
  /** The region that requests are signed for; undefined where nobody has to sign. */
  readonly signingRegion?: string | undefined;
  /** Whose tokens the API takes; undefined where it takes none. */
  readonly tokenIssuer?: string | undefined;
  /** A body that `POST /predictions` takes, as JSON. */
  readonly exampleRequest: string | undefined;
}

export interface RunningLocal {
  /** Those of the deployment that serves now. */
  readonly models: readonly LocalModel[];
  readonly apigateway: ApiGatewayService;
  readonly frontDoorUrl: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly cloud: RunningCloud;
  close(): Promise<void>;
}

/**
 * Starts everything of an assembly and waits until predictions are answered without a cold start.
 * @throws {DataDirInUse} where another local cloud uses the data directory
 * @throws {PortInUse} where the port is taken
 * @throws {TemplateError} where the assembly can't be understood
 * @throws {CustomResourceFailed} where a deployment would fail, as one whose model answers wrongly does
 */
export async function startLocal(options: LocalOptions): Promise<RunningLocal> {
  const { warm = true, ...rest } = options;
  const dataDir = resolve(options.dataDir);
  const unlock = lockDataDir(dataDir);
  let running: RunningCloud | undefined;
  try {
    running = await createCloud({
      ...rest,
      dataDir,
      metrics: new MemoryMetricStore(options.clock ?? systemClock),
      plugins: servicePlugins({ sagemaker: { warm } }),
      ...(warm && { prove: warmFirst, onServing: warmLater }),
    });
    const cloud = running;
    // Outputs that can't be read are told now, not when somebody asks.
    modelsOf(cloud);
    return {
      get models() {
        return modelsOf(cloud);
      },
      get apigateway() {
        return gatewayOf(cloud);
      },
      frontDoorUrl: cloud.frontDoorUrl,
      dataDir,
      cloud,
      close: async () => {
        await cloud.close();
        unlock();
      },
    };
  } catch (error) {
    await running?.close();
    unlock();
    throw error;
  }
}

function gatewayOf({ services: { apigateway } }: RunningCloud): ApiGatewayService {
  if (apigateway === undefined) throw new Error('the apigateway plugin did not start');
  return apigateway;
}

function modelsOf(running: RunningCloud): readonly LocalModel[] {
  const apigateway = gatewayOf(running);
  return readModelOutputs(running.cloud).map(
    ({ name, stage, apiKeyId, signingRegion, tokenIssuer, exampleRequest }) => ({
      name,
      url: `${apigateway.url}/${stage}`,
      apiKey: apiKeyId === undefined ? undefined : apigateway.keyValue(apiKeyId),
      signingRegion,
      tokenIssuer,
      exampleRequest,
    }),
  );
}

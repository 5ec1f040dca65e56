import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import type { Model } from '../../contract/model/model.ts';
import type { CallbackQueue } from '../callbacks/callback-queue.ts';
import type { CaptureQueue } from '../capture/capture-queue.ts';
import type { PredictionTable } from '../capture/prediction-table.ts';
import type { Environment } from '../environment.ts';
import type { AsynchronousEndpoint } from '../hosting/asynchronous-endpoint.ts';
import type { ModelEndpoint } from '../hosting/model-endpoint.ts';
import type { ServingBuild } from '../hosting/serving-build.ts';
import type { NetworkPlacement } from '../network/placement.ts';
import type { DataKey } from '../security/data-key.ts';
import type { UploadBucket } from '../uploads/upload-bucket.ts';
import type { HandlerCodeOf } from './handler-code.ts';

/** What one model declares. */
export interface DeclaredModel {
  readonly model: Model;
  readonly settings: DeploymentSettings;
}

/** What the features of one model share: its declarations, its surroundings, and what several of them have to do with. */
export interface ModelParts extends DeclaredModel {
  readonly environment: Environment;
  readonly handlerCode: HandlerCodeOf;
  /** @default - the model runs inside its functions, and has no batches */
  readonly serving?: ServingBuild | undefined;
  /** What logs and data are encrypted with. @default - AWS manages the keys */
  readonly key?: DataKey | undefined;
  /** @default - a network of AWS, which has a way to the internet */
  readonly network?: NetworkPlacement | undefined;
  readonly table: PredictionTable;
  readonly queue: CaptureQueue;
  /** @default - nobody is called back */
  readonly callbacks?: CallbackQueue | undefined;
  /** @default - the model runs inside the predict function */
  readonly endpoint?: ModelEndpoint | undefined;
  /** The endpoints of challengers and shadows, by name. */
  readonly variantEndpoints: ReadonlyMap<string, ModelEndpoint>;
  /** @default - the model takes no images */
  readonly uploads?: UploadBucket | undefined;
}

/** Every endpoint of the model, the champion's first. */
export function endpointsOf({ endpoint, variantEndpoints }: ModelParts): readonly ModelEndpoint[] {
  return [...(endpoint === undefined ? [] : [endpoint]), ...variantEndpoints.values()];
}

/**
 * The endpoint of a model whose answers come later.
 * @throws {Error} where they come at once
 */
export function asynchronousEndpoint({ model, endpoint }: ModelParts): AsynchronousEndpoint {
  if (isAsynchronous(endpoint)) return endpoint;
  throw new Error(`${model.name}: its answers come at once, and something waits for answers that come later`);
}

/** Whether answers come later. By what the endpoint has: its class would load the CDK, which bundling does without. */
export function isAsynchronous(endpoint: ModelEndpoint | undefined): endpoint is AsynchronousEndpoint {
  return endpoint?.asynchronous !== undefined;
}

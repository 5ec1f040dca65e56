import type { Construct } from 'constructs';
import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import type { Model } from '../../contract/model/model.ts';
import type { Environment } from '../environment.ts';
import { endpointNameOf } from '../names.ts';
import type { NetworkPlacement } from '../network/placement.ts';
import type { DataKey } from '../security/data-key.ts';
import { AsynchronousEndpoint } from './asynchronous-endpoint.ts';
import { logNamespace } from './log-namespace.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import { RealtimeEndpoint } from './realtime-endpoint.ts';
import { ScaleToZeroEndpoint } from './scale-to-zero-endpoint.ts';
import { ServerlessEndpoint } from './serverless-endpoint.ts';
import { type ServingBuild, servingContent } from './serving-build.ts';

export interface CreateEndpointProps {
  readonly environment: Environment;
  /** @default - AWS manages the keys of logs and instances */
  readonly key?: DataKey | undefined;
  /** @default - networks of AWS */
  readonly network?: NetworkPlacement | undefined;
  readonly model: Model;
  readonly settings: DeploymentSettings;
  readonly serving: ServingBuild | undefined;
  /** @default - the champion */
  readonly variant?: CreatedVariant;
}

/** A variant besides the champion that gets an endpoint. */
export interface CreatedVariant {
  readonly name: string;
  /** Whether callers wait for what it answers; nobody does for a shadow. */
  readonly answers: boolean;
  readonly champion: ModelEndpoint | undefined;
}

/** The endpoint that the model's hosting asks for; undefined where the model runs inside the predict function. */
export function createEndpoint(
  scope: Construct,
  id: string,
  props: CreateEndpointProps,
): ModelEndpoint | undefined {
  const { environment, key, network, model, settings, serving, variant } = props;
  const { hosting, rollout } = settings;
  if (hosting.mode === 'lambda') return undefined;
  if (serving === undefined) {
    throw new Error(`${scope.node.path}: hosting "${hosting.mode}" serves an artifact, and there is none`);
  }
  const { container } = hosting;
  // It is the champion's: each other variant brings an artifact of its own.
  const modelData = variant === undefined ? hosting.modelData : undefined;
  const content = servingContent(serving, hosting, modelData);
  const common = {
    environment,
    key,
    logNamespace: logNamespace(hosting),
    model: model.name,
    endpointName: endpointNameOf(environment.name, model.name, hosting, { variant: variant?.name, content }),
    content,
    serving,
    container,
    modelData,
  };
  switch (hosting.mode) {
    case 'serverless':
      return new ServerlessEndpoint(scope, id, { ...common, hosting, variant: variant?.name });
    case 'realtime':
      return hosting.scaleToZero === undefined
        ? new RealtimeEndpoint(scope, id, {
            ...common,
            network,
            hosting,
            rollout,
            variant: variant?.name,
          })
        : new ScaleToZeroEndpoint(scope, id, {
            ...common,
            network,
            hosting,
            scaleToZero: hosting.scaleToZero,
          });
    case 'asynchronous':
      return new AsynchronousEndpoint(scope, id, {
        ...common,
        network,
        hosting,
        rollout,
        variant: variant && { ...variant, champion: asynchronous(variant.champion) },
      });
  }
}

function asynchronous(champion: ModelEndpoint | undefined): AsynchronousEndpoint {
  if (champion instanceof AsynchronousEndpoint) return champion;
  throw new Error('a variant is hosted as its champion is, which is not asynchronous');
}

import { Construct } from 'constructs';
import { furtherVariants } from '../../contract/deployment/variants.ts';
import { type CreateEndpointProps, createEndpoint } from './create-endpoint.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import type { ServingBuild } from './serving-build.ts';

export interface VariantEndpointsProps extends Omit<CreateEndpointProps, 'serving' | 'variant'> {
  /** Absent where the model runs inside the predict function. */
  readonly champion: ModelEndpoint | undefined;
  /** What is built for a variant besides the champion. */
  readonly servingOf: (variant: string) => ServingBuild | undefined;
}

/**
 * The endpoints of the challengers and shadows: one for each, in the champion's mode and with its resources. SageMaker
 * could hold several variants in one endpoint on instances, but then a change of one of them redeploys all, its
 * deployment guardrails are narrowed, and weights are drawn per request. Here a challenger comes, changes and goes while
 * the champion's endpoint stays as it is, each has its own scaling, rollback and alarms, and weights are the functions'
 * business alone.
 */
export class VariantEndpoints extends Construct {
  /** By variant; empty where the model runs inside the predict function. */
  readonly byName: ReadonlyMap<string, ModelEndpoint>;

  constructor(scope: Construct, id: string, props: VariantEndpointsProps) {
    super(scope, id);
    const { champion } = props;
    const made = furtherVariants(props.settings.variants).flatMap((variant) => {
      const { name } = variant;
      const endpoint = createEndpoint(this, name, {
        ...props,
        variant: { name, answers: 'weight' in variant, champion },
        serving: props.servingOf(name),
      });
      return endpoint === undefined ? [] : [[name, endpoint] as const];
    });
    this.byName = new Map(made);
  }
}

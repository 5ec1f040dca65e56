import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Environment } from '../../../lib/environment.ts';
import { createEndpoint } from '../../../lib/hosting/create-endpoint.ts';
import type { ServingBuild } from '../../../lib/hosting/serving-build.ts';
import { VariantEndpoints } from '../../../lib/hosting/variant-endpoints.ts';
import { modelStackName } from '../../../lib/names.ts';
import { dataKey } from '../../../lib/security/data-key.ts';
import type { Declared } from './combinations.ts';

export interface HostingStackProps extends Pick<Declared, 'model' | 'settings'> {
  readonly environment: Environment;
  readonly serving: ServingBuild;
}

/**
 * What a model's stack has of its hosting, container, rollout and variants, without what is the same for all of them: the
 * API, the table, the functions and the dashboard.
 */
export class HostingStack extends Stack {
  constructor(scope: Construct, { environment, model, settings, serving }: HostingStackProps) {
    const stackName = modelStackName(environment.name, model.name);
    super(scope, stackName, { stackName });
    const key = dataKey(this, 'DataKey', { environment, description: `The data of ${stackName}` });
    key?.letLogsUse(`${stackName}-`, `/aws/sagemaker/Endpoints/${stackName}-`);
    const common = { environment, key, model, settings };
    const champion = createEndpoint(this, 'Endpoint', { ...common, serving });
    new VariantEndpoints(this, 'Variants', { ...common, champion, servingOf: () => serving });
  }
}

import type { Environment } from '../../lib/environment.ts';
import { ENVIRONMENTS } from '../environments.ts';

/** One assembly to verify. */
export interface VerifyCase {
  readonly name: string;
  readonly environment: Environment;
}

/** Nobody's secret: only the form of the ARN matters to a template. */
const EXAMPLE_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:datadog-api-key-AbCdEf';

/** Every environment as it is declared, and each once more with Datadog switched on. */
export function verifyCases(): readonly VerifyCase[] {
  return Object.values<Environment>(ENVIRONMENTS).flatMap((environment) => [
    { name: environment.name, environment },
    {
      name: `${environment.name} with Datadog`,
      environment: {
        ...environment,
        datadog: environment.datadog ?? {
          site: 'datadoghq.eu',
          apiKeySecretArn: EXAMPLE_SECRET,
          nodeLayerVersion: 133,
          extensionLayerVersion: 92,
        },
      },
    },
  ]);
}

import type { Environment } from '../../../lib/environment.ts';
import { ENVIRONMENTS } from '../../environments.ts';

/** One assembly to verify. */
export interface VerifyCase {
  readonly name: string;
  readonly environment: Environment;
}

/** Nobody's secret: only the form of the ARN matters to a template. */
const EXAMPLE_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:datadog-api-key-AbCdEf';

/** A network as any environment could have it; what an environment is without, it can't have beside that. */
const PRIVATE = {
  region: 'eu-west-1',
  network: {
    cidr: '10.20.0.0/20',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    prefixLists: { s3: 'pl-0a1b2c3d', dynamodb: 'pl-4e5f6a7b' },
  },
} as const satisfies Partial<Environment>;

/** Every environment as it is declared, each once more with Datadog switched on, and prod with a network of its own. */
export function verifyCases(): readonly VerifyCase[] {
  const { datadog: _, ...prod }: Environment = ENVIRONMENTS.prod;
  return [
    ...Object.values<Environment>(ENVIRONMENTS).flatMap(withDatadog),
    { name: 'prod with a network of its own', environment: { ...prod, ...PRIVATE } },
  ];
}

function withDatadog(environment: Environment): readonly VerifyCase[] {
  return [
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
  ];
}

import type { LocalCloud } from '../../../../local/core/plugin/local-cloud.ts';
import type { RunningService, ServicePlugin } from '../../../../local/core/plugin/service-plugin.ts';
import type { AwsApi } from '../../../../local/core/wire/aws-api.ts';
import { jsonError } from '../../../../local/core/wire/wire-errors.ts';

/** What the services of a test went through, in order: `<plugin> <step> <deployment>`. */
export type Life = string[];

/** What a deployment is called: its stack has a database whose description says so. */
export function nameOf(cloud: LocalCloud): string {
  return String(cloud.resources('AWS::Glue::Database')[0]?.properties.Description);
}

/** A service without state: each deployment starts its own. It answers with the name of the deployment that it belongs to. */
export function statelessPlugin(
  life: Life,
  more: (name: string) => Partial<RunningService> = () => ({}),
): ServicePlugin {
  return {
    name: 'stateless',
    resourceTypes: {},
    start: async (cloud) => {
      const name = nameOf(cloud);
      life.push(`stateless start ${name}`);
      return {
        api: namingApi(name),
        activate: () => void life.push(`stateless activate ${name}`),
        drain: async () => void life.push(`stateless drain ${name}`),
        close: async () => void life.push(`stateless close ${name}`),
        ...more(name),
      };
    },
  };
}

/** A service with state, which the next deployment adopts. */
export function statefulPlugin(life: Life): ServicePlugin {
  const serve = (cloud: LocalCloud, step: string) => {
    const name = nameOf(cloud);
    life.push(`stateful ${step} ${name}`);
    return {
      adopt: async (next: LocalCloud) => serve(next, 'adopt'),
      abandon: async () => void life.push(`stateful abandon ${name}`),
      close: async () => void life.push(`stateful close ${name}`),
    };
  };
  return { name: 'stateful', resourceTypes: {}, start: async (cloud) => serve(cloud, 'start') };
}

function namingApi(name: string): AwsApi {
  return {
    signingName: 'dynamodb',
    operation: () => 'GetItem',
    permissions: () => [{ action: 'dynamodb:GetItem', resource: 'arn:aws:dynamodb:us-east-1:0:table/one' }],
    error: jsonError,
    handle: async () => ({ status: 200, body: name }),
  };
}

import type { ServicePlugin } from '../core/plugin/service-plugin.ts';
import { createApi } from './api.ts';
import { identifyParameter, PARAMETER, readParameter } from './parameter.ts';

/**
 * SSM: the parameters of the templates, to be read. Not emulated: parameters that nobody declares, changes to them, paths and
 * labels. The smallest service there is here, and so the one to copy for another (docs/contributing.md).
 */
export const ssmPlugin: ServicePlugin = {
  name: 'ssm',
  resourceTypes: { [PARAMETER]: { support: 'emulated', identify: identifyParameter } },
  async start(cloud) {
    const deployedAt = cloud.clock.now();
    const parameters = cloud
      .resources(PARAMETER)
      .map((resource) => readParameter(resource, cloud, deployedAt));
    return { api: createApi(cloud, parameters), close: async () => undefined };
  },
};

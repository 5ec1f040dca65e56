import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { NotEmulatedResource, RunningService, ServicePlugin } from '../core/plugin/service-plugin.ts';
import { NotEmulated } from '../lambda/errors.ts';
import { physicalName } from '../template/physical-name.ts';
import { changesBetween, isCustom, readCustomResources } from './custom-resource.ts';
import { Providers, type Request } from './provider.ts';

/**
 * The part of CloudFormation that runs code: custom resources. Each start and each deployment asks the functions behind
 * those that are new or have changed, all at once; one that fails fails the deployment, and what was done is undone. Not
 * emulated: their attributes, providers that are topics, and providers that answer after they have ended. One that is about an
 * endpoint which does not run here, as the verification of it is, is left out and told: it could only fail.
 */
export const cloudFormationPlugin: ServicePlugin = {
  name: 'cloudformation',
  resourceTypes: {},
  supportOf: (type) =>
    isCustom(type)
      ? { support: 'emulated', identify: (resource) => ({ ref: physicalName(resource) }) }
      : undefined,
  start,
};

async function start(cloud: LocalCloud): Promise<RunningService> {
  const { predecessor } = cloud;
  const changes = changesBetween(
    predecessor === undefined ? [] : readCustomResources(predecessor),
    readCustomResources(cloud),
  );
  const physicalIds = predecessor?.services.physicalIds ?? new Map<string, string>();
  cloud.services.physicalIds = physicalIds;
  const providers = new Providers(cloud, physicalIds);
  let providersBefore = predecessor === undefined ? undefined : new Providers(predecessor, physicalIds);
  const notEmulated: NotEmulatedResource[] = [];
  /** What was asked for, whether it succeeded or not. */
  const begun: Request[] = [];
  let closed = false;

  const ask = async (request: Request): Promise<void> => {
    const absent = textsIn(request.resource.properties).find((text) => cloud.services.notRunning?.has(text));
    if (absent !== undefined) {
      const { type, path } = request.resource;
      notEmulated.push({ type, path, reason: `it is about ${absent}, which does not run here` });
      return;
    }
    begun.push(request);
    try {
      await providers.ask(request);
    } catch (error) {
      if (!(error instanceof NotEmulated)) throw error;
      const { type, path } = request.resource;
      notEmulated.push({ type, path, reason: error.message });
    }
  };
  /** Deletes and undoes: what fails is told, and changes nothing. */
  const cleanUp = (by: Providers | undefined, requests: readonly Request[]): Promise<unknown> =>
    Promise.all(
      requests.map(async (request) => {
        try {
          await by?.ask(request);
        } catch (error) {
          if (!closed && !(error instanceof NotEmulated)) cloud.log.warn((error as Error).message);
        }
      }),
    );

  return {
    notEmulated,
    deploy: async () => {
      const created = changes.created.map((resource): Request => ({ kind: 'Create', resource }));
      const updated = changes.updated.map(
        ({ before, after }): Request => ({
          kind: 'Update',
          resource: after,
          before,
        }),
      );
      const outcomes = await Promise.allSettled([...created, ...updated].map(ask));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    abandon: async () => {
      await cleanUp(providers, begun.map(undoing));
    },
    // The functions of the deployment before are there until this has come to its end.
    activate: () => {
      const deleted = changes.deleted.map((resource): Request => ({ kind: 'Delete', resource }));
      void cleanUp(providersBefore, deleted);
      // Nothing is kept of deployments that are over.
      providersBefore = undefined;
    },
    close: async () => {
      closed = true;
    },
  };
}

/** Every text in a value. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What takes a request back. */
function undoing(request: Request): Request {
  const { kind, resource } = request;
  return kind === 'Update'
    ? { kind, resource: request.before, before: resource }
    : { kind: 'Delete', resource };
}

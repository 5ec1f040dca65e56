import { join } from 'node:path';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { AdoptedService, ServicePlugin } from '../core/plugin/service-plugin.ts';
import { physicalName } from '../template/physical-name.ts';
import type { Identity, Unidentified } from '../template/resource-types.ts';
import { createApi } from './api.ts';
import { BucketObjects } from './objects.ts';

const BUCKET = 'AWS::S3::Bucket';

function identifyBucket(resource: Unidentified): Identity {
  const given = resource.property('BucketName');
  const name = typeof given === 'string' ? given : physicalName(resource, 63).toLowerCase();
  const attributes = {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${resource.region}.amazonaws.com`,
  };
  return { ref: name, attributes };
}

/**
 * S3: the objects of declared buckets on disk, under `s3/`. Not emulated: multipart and chunked uploads, versions,
 * copies, bucket policies, events, and the deletion of what a lifecycle rule calls old.
 */
export const s3Plugin: ServicePlugin = {
  name: 's3',
  resourceTypes: {
    [BUCKET]: { support: 'emulated', identify: identifyBucket },
    'AWS::S3::BucketPolicy': {
      support: 'inert',
      note: '',
      identify: (resource) => ({ ref: physicalName(resource) }),
    },
  },
  start: (cloud) => serve(cloud, new Map()),
};

/** Serves the buckets of a deployment; what the one before it has open is shared, for what comes to its end there. */
async function serve(cloud: LocalCloud, open: Map<string, BucketObjects>): Promise<AdoptedService> {
  const buckets = new Map<string, BucketObjects>();
  for (const { ref: name } of cloud.resources(BUCKET)) {
    const objects = open.get(name) ?? (await BucketObjects.open(join(cloud.dataDir, 's3', name)));
    open.set(name, objects);
    buckets.set(name, objects);
  }
  cloud.services.s3 = {
    get: async (bucket, key) => buckets.get(bucket)?.get(key),
    list: (bucket, prefix) => buckets.get(bucket)?.list(prefix) ?? [],
    put: async (bucket, key, body, contentType) => {
      const objects = buckets.get(bucket);
      if (objects === undefined) throw new Error(`no template declares the bucket ${bucket}`);
      await objects.put(key, body, contentType, cloud.clock.now());
    },
  };
  return {
    api: createApi(cloud, buckets),
    adopt: (next) => serve(next, open),
    abandon: async () => undefined,
    close: async () => undefined,
  };
}

import { describe, expect, it } from 'vitest';
import { servingContent } from '../../../lib/hosting/serving-build.ts';
import { REALTIME_HOSTING, SERVERLESS_HOSTING } from '../support/hosting.ts';
import { temporaryFolder, writeFiles } from '../support/project.ts';

const OWN_CONTAINER = {
  kind: 'dockerfile',
  folder: 'containers/own',
  processor: 'cpu',
  codec: 'csv',
} as const;

function build(weights = 'weights', server = 'server') {
  const root = temporaryFolder();
  writeFiles(root, { 'model.tar.gz': weights, 'image/server.mjs': server });
  return { archive: `${root}/model.tar.gz`, imageFolder: `${root}/image` };
}

describe('the content of an endpoint', () => {
  it('is the same for the same bytes, wherever they lie', () => {
    expect(servingContent(build(), SERVERLESS_HOSTING)).toBe(servingContent(build(), SERVERLESS_HOSTING));
  });

  it.each([
    ['other weights', ['other'], SERVERLESS_HOSTING],
    ['another server', ['weights', 'other'], SERVERLESS_HOSTING],
    ['more memory', [], { ...SERVERLESS_HOSTING, memoryMb: 6144 }],
    ['another container', [], { ...SERVERLESS_HOSTING, container: OWN_CONTAINER }],
  ] as const)('is another one for %s', (_, changed, hosting) => {
    expect(servingContent(build(...changed), hosting)).not.toBe(servingContent(build(), SERVERLESS_HOSTING));
  });

  it('does not depend on how much of it there is', () => {
    expect(servingContent(build(), { ...SERVERLESS_HOSTING, maxConcurrency: 50 })).toBe(
      servingContent(build(), SERVERLESS_HOSTING),
    );
    expect(servingContent(build(), { ...REALTIME_HOSTING, instances: { min: 3, max: 9 } })).toBe(
      servingContent(build(), REALTIME_HOSTING),
    );
  });
});

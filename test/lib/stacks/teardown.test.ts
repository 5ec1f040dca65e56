import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEV, PRIVATE, PROD } from '../support/environments.ts';
import { MATRIX } from '../support/matrix.ts';
import { artifactModel, deploymentOf, FIREWALL, REALTIME, TO_ZERO } from '../support/models.ts';
import { resourcesOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';
import { Teardown } from '../support/teardown.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/teardown.md'), 'utf8');

/** What a page says stays, as `stack environment type`. */
const DOCUMENTED_TO_STAY = rowsOf('What stays').flatMap(([type = '', stack = '', where = '']) =>
  where.split(', ').map((environment) => `${stack} ${environment} ${type.replaceAll('`', '')}`),
);

const DOCUMENTED_TO_GO = [...section('What goes').matchAll(/`(\w+(?:::\w+)+)`/g)].map(
  ([, type = '']) => type,
);

describe('deleting a stack', () => {
  let torn: readonly { readonly stack: string; readonly environment: string; readonly teardown: Teardown }[];
  beforeAll(async () => {
    const everything = await Promise.all(
      MATRIX.map(async ({ environment, synthesize }) => {
        const { model, shared, network } = await synthesize();
        return [
          ...(network === undefined
            ? []
            : [{ stack: 'network', environment: environment.name, teardown: new Teardown(network) }]),
          { stack: 'model', environment: environment.name, teardown: new Teardown(model) },
          { stack: 'shared', environment: environment.name, teardown: new Teardown(shared) },
        ];
      }),
    );
    torn = everything.flat();
  });

  it('removes every type that the page names, of a shared stack that sends mail as well', async () => {
    const mailing = { ...PROD, alarmEmails: { page: ['on-call@example.com'], ticket: [] } };
    const { shared } = await synthesizeModel(artifactModel, deploymentOf(REALTIME), mailing);
    const goes = [...torn.map(({ teardown }) => teardown), new Teardown(shared)].flatMap((one) =>
      one.types(false),
    );

    expect(DOCUMENTED_TO_GO.filter((type) => !goes.includes(type))).toEqual([]);
  });

  it('leaves behind what the page says, in the environments that it says, and nothing else', () => {
    const stays = torn.flatMap(({ stack, environment, teardown }) =>
      teardown.types(true).map((type) => `${stack} ${environment} ${type}`),
    );

    expect([...new Set(stays)].sort()).toEqual([...DOCUMENTED_TO_STAY].sort());
  });

  it('removes nothing that the page does not name', () => {
    // What stays in prod goes in dev: the page says so in a sentence.
    const kept = new Set(DOCUMENTED_TO_STAY.map((row) => row.split(' ')[2]));
    const goes = torn.flatMap(({ teardown }) => teardown.types(false));

    expect(goes.filter((type) => !DOCUMENTED_TO_GO.includes(type) && !kept.has(type))).toEqual([]);
  });

  it('removes everything in dev that is not of the whole account, but a bucket, which may hold objects', () => {
    const kept = torn.filter(({ stack, environment }) => stack === 'model' && environment === 'dev');

    expect(kept.length).toBeGreaterThan(0);
    const types = new Set(kept.flatMap(({ teardown }) => teardown.types(true)));
    expect([...types]).toEqual(['AWS::S3::Bucket']);
  });
});

describe('the order of deletion', () => {
  let stack: Synthesized;
  let toZero: Synthesized;
  beforeAll(async () => {
    toZero = await synthesizeModel(artifactModel, deploymentOf(TO_ZERO), PROD);
    stack = await synthesizeModel(artifactModel, deploymentOf(REALTIME, { firewall: FIREWALL }), PROD);
  });

  it.each(
    rowsOf('In which order').map(([first = '', then = '']) => [
      first.replaceAll('`', ''),
      then.replaceAll('`', ''),
    ]),
  )('is %s before %s', (first, then) => {
    // A dead-letter queue has no mapping of its own: the queue before it is drained.
    const component = `${first} ${then}`.includes('AWS::SageMaker::InferenceComponent');
    const teardown = new Teardown((component ? toZero : stack).model);

    expect(teardown.isBefore(first, then)).toBe(true);
    expect(teardown.isBefore(then, first)).toBe(false);
  });

  it('deletes what is encrypted before the key', async () => {
    const dev = { ...DEV, encryption: { key: 'customer-managed' } } as const;
    const { model } = await synthesizeModel(artifactModel, deploymentOf(REALTIME), dev);
    const teardown = new Teardown(model);

    for (const type of ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup']) {
      expect(teardown.isBefore(type, 'AWS::KMS::Key')).toBe(true);
    }
    expect(teardown.isBefore('AWS::SageMaker::Endpoint', 'AWS::KMS::Key')).toBe(true);
  });

  it('takes a model before the network it runs in', async () => {
    const { modelArtifact } = await synthesizeModel(artifactModel, deploymentOf(REALTIME), PRIVATE);

    expect(modelArtifact.dependencies.map(({ id }) => id)).toContain('furrow-prod-network');
  });

  it('takes a model before what the models share', () => {
    expect(stack.modelArtifact.dependencies.map(({ id }) => id)).toContain('furrow-prod-shared');
  });
});

describe('prod', () => {
  it('refuses to be deleted, and so does its table', async () => {
    const { model, modelArtifact } = await synthesizeModel(artifactModel, deploymentOf(REALTIME), PROD);

    expect(modelArtifact.terminationProtection).toBe(true);
    expect(
      resourcesOf(model, 'AWS::DynamoDB::Table').map(
        ({ Properties }) => Properties.DeletionProtectionEnabled,
      ),
    ).toEqual([true]);
  });
});

function section(title: string): string {
  return PAGE.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
}

/** The rows of the table in a section, without its head. */
function rowsOf(title: string): readonly (readonly string[])[] {
  return section(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

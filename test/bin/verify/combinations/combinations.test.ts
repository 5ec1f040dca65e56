import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAllowed } from '../../../../bin/verify/combinations/allowed.ts';
import { combinations, problemsOf } from '../../../../bin/verify/combinations/combinations.ts';
import { CONTAINERS, HOSTS, ROLLOUTS, VARIANT_SETS } from '../../../../bin/verify/combinations/parts.ts';
import { nag } from '../../../../bin/verify/templates/nag.ts';
import { APP_PROPS } from '../../../../lib/app-props.ts';
import { PROD } from '../../../lib/support/environments.ts';

process.env.CDK_VALIDATION = 'false';

const ALL = combinations();
const ALLOWED = ALL.filter(({ expected }) => expected.length === 0);
const GROUPS = Object.keys(HOSTS).flatMap((host) =>
  Object.keys(CONTAINERS).map((container) => ({
    host,
    container,
    group: ALL.filter((one) => one.host === host && one.container === container),
  })),
);

describe('every combination of hosting, container, rollout and variants', () => {
  it('is there once', () => {
    const count = [HOSTS, CONTAINERS, ROLLOUTS, VARIANT_SETS].reduce(
      (product, parts) => product * Object.keys(parts).length,
      1,
    );
    expect(new Set(ALL.map(({ title }) => title)).size).toBe(count);
    expect(new Set(ALLOWED.map(({ container }) => container))).toEqual(new Set(Object.keys(CONTAINERS)));
    expect(new Set(ALLOWED.map(({ host }) => host))).toEqual(new Set(Object.keys(HOSTS)));
  });

  it.each(GROUPS)('is allowed, or told what is wrong with it: $host, $container', ({ group }) => {
    expect(group.length).toBeGreaterThan(0);
    expect(group.map((one) => [one.title, problemsOf(one)])).toEqual(
      group.map(({ title, expected }) => [title, expected]),
    );
  });
});

describe('every combination that is allowed', () => {
  let folder: string;
  let app: App;
  let titles: ReadonlyMap<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'furrow-combinations-'));
    const outdir = join(folder, 'cdk.out');
    app = new App({ ...APP_PROPS, outdir });
    titles = await addAllowed(app, { environment: PROD, folder });
    app.synth();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is synthesized to a template of its own', () => {
    const stacks = app.synth().stacks.map(({ stackName }) => stackName);

    expect(stacks.sort()).toEqual([...titles.keys()].sort());
    expect([...titles.values()]).toEqual(ALLOWED.map(({ title }) => title));
  });

  it('has nothing that cdk-nag finds', () => {
    const findings = nag(app).map(
      ({ rule, path }) => `${titles.get(path.split('/')[0] ?? '')}: ${rule} ${path}`,
    );

    expect(findings).toEqual([]);
  });
});

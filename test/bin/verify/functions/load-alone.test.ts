import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAlone } from '../../../../bin/verify/functions/load-alone.ts';
import { writeFiles } from '../../../lib/support/project.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'furrow-load-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(index: string, variables: Readonly<Record<string, unknown>> = {}) {
  writeFiles(folder, { 'index.mjs': index });
  return loadAlone({
    template: 'one.template.json',
    logicalId: 'Function',
    folder,
    handler: 'index.handler',
    variables: new Map(Object.entries(variables)),
  });
}

const HANDLER = 'export const handler = async () => {};';

describe('loadAlone', () => {
  it('finds nothing wrong with a function that loads, even where something still runs', async () => {
    expect(await load(`${HANDLER} setInterval(() => {}, 1000);`)).toBeUndefined();
  });

  it('gives it its own variables and those of Lambda, and nothing of this process', async () => {
    const check = (condition: string) =>
      `if (!(${condition})) throw new Error(${JSON.stringify(condition)});`;
    const text = [
      check(`process.env.MODEL_NAME === 'barley'`),
      check(`process.env.TABLE.startsWith('https://')`),
      check(`process.env.AWS_REGION === 'eu-west-1'`),
      check('process.env.PATH === undefined'),
      check('process.env.NODE_OPTIONS === undefined'),
      check(`process.cwd() === process.env.LAMBDA_TASK_ROOT`),
    ].join('\n');
    expect(
      await load(`${text}\n${HANDLER}`, { MODEL_NAME: 'barley', TABLE: { Ref: 'Table' } }),
    ).toBeUndefined();
  });

  it.each([
    [
      `import './zod.mjs'; ${HANDLER}`,
      `Error [ERR_MODULE_NOT_FOUND]: Cannot find module '${'FOLDER'}/zod.mjs' imported from ${'FOLDER'}/index.mjs`,
    ],
    [`throw new TypeError('no table'); ${HANDLER}`, 'TypeError: no table'],
    [`throw 'a text'; ${HANDLER}`, 'a text'],
    ['export const handle = 1;', 'Error: it exports no function handler'],
    ['export const handler = 1;', 'Error: it exports no function handler'],
  ])('says what is wrong with %j', async (text, problem) => {
    expect(await load(text)).toContain(problem.replaceAll('FOLDER', folder));
  });
});

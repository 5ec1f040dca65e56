import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyFunctions } from '../../../../bin/verify/functions/verify-functions.ts';
import { writeFiles } from '../../../lib/support/project.ts';
import { assemblyFiles } from './support.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'furrow-verify-functions-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HANDLER = 'export const handler = async () => {};';

describe('verifyFunctions', () => {
  it('finds nothing where each function is complete and loads', async () => {
    writeFiles(folder, {
      ...assemblyFiles('one', { Predict: 'asset.1', Health: 'asset.2' }),
      'asset.1/index.mjs': `import './zod.mjs'; ${HANDLER}`,
      'asset.1/zod.mjs': '',
      'asset.2/index.mjs': HANDLER,
    });
    expect(await verifyFunctions(folder)).toEqual([]);
  });

  it('names every function whose folder lacks a file, and what it lacks', async () => {
    writeFiles(folder, {
      ...assemblyFiles('one', { Predict: 'asset.1', Health: 'asset.2' }),
      ...assemblyFiles('two', { Verify: 'asset.1' }),
      'asset.1/index.mjs': `import './zod.mjs'; ${HANDLER}`,
      'asset.2/index.mjs': HANDLER,
    });
    const findings = await verifyFunctions(folder);
    const at = ({ template, path, rule, level }: (typeof findings)[number]) => [template, path, rule, level];
    expect(findings.map(at).sort()).toEqual([
      ['one.template.json', 'Resources/Predict/Properties/Code', 'function-imports', 'error'],
      ['one.template.json', 'Resources/Predict/Properties/Code', 'function-loads', 'error'],
      ['two.template.json', 'Resources/Verify/Properties/Code', 'function-imports', 'error'],
      ['two.template.json', 'Resources/Verify/Properties/Code', 'function-loads', 'error'],
    ]);
    expect(findings[0]?.message).toBe('index.mjs imports ./zod.mjs');
  });

  it('finds a function that is complete, but does not load with the variables that it has', async () => {
    writeFiles(folder, {
      ...assemblyFiles('one', { Predict: 'asset.1' }),
      'asset.1/index.mjs': `if (process.env.QUEUE_URL === undefined) throw new Error('QUEUE_URL is not set'); ${HANDLER}`,
    });
    expect(await verifyFunctions(folder)).toEqual([
      {
        template: 'one.template.json',
        rule: 'function-loads',
        level: 'error',
        path: 'Resources/Predict/Properties/Code',
        message: 'Error: QUEUE_URL is not set',
      },
    ]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionsOf } from '../../../../bin/verify/functions/assembly-functions.ts';
import { writeFiles } from '../../../lib/support/project.ts';
import { assemblyFiles } from './support.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'furrow-functions-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('functionsOf', () => {
  it('is every function of every template with the folder of its code', () => {
    writeFiles(folder, {
      ...assemblyFiles('one', { Predict: 'asset.1', Health: 'asset.2' }),
      ...assemblyFiles('two', { Predict: 'asset.1' }),
      'empty.template.json': '{}',
      'manifest.json': '{}',
    });
    const functions = functionsOf(folder);
    expect(functions.map(({ template, logicalId, folder: code }) => [template, logicalId, code])).toEqual([
      ['one.template.json', 'Predict', join(folder, 'asset.1')],
      ['one.template.json', 'Health', join(folder, 'asset.2')],
      ['two.template.json', 'Predict', join(folder, 'asset.1')],
    ]);
    expect(functions[0]).toMatchObject({
      handler: 'index.handler',
      variables: new Map(Object.entries({ MODEL_NAME: 'one', TABLE: { Ref: 'Table' } })),
    });
  });

  it('fails where a function ships what is no asset of its stack', () => {
    const files = assemblyFiles('one', { Predict: 'asset.1' });
    writeFiles(folder, { ...files, 'one.assets.json': '{"files":{}}' });
    expect(() => functionsOf(folder)).toThrow(
      'one.template.json: the code of Predict, asset.1.zip, is no asset',
    );
  });
});

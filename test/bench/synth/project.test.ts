import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setModels } from '../../../bench/synth/project.ts';
import { temporaryFolder } from '../../lib/support/project.ts';

function project(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const MODELS = {
  'models/barley-yield/model.ts': "defineModel({ name: 'barley-yield' })",
  'models/reference-evapotranspiration/model.ts': "defineModel({ name: 'reference-evapotranspiration' })",
  'models/tumour-screening/model.ts': "defineModel({ name: 'tumour-screening' })",
};

describe('the models of the synthesis benchmark', () => {
  it('are so many copies in turns, named as their folders', () => {
    const root = project(MODELS);
    const copy = temporaryFolder();
    setModels(root, copy, 5);
    setModels(root, copy, 3);

    expect(readdirSync(join(copy, 'models')).sort()).toEqual(['model-001', 'model-002', 'model-003']);
    expect(readFileSync(join(copy, 'models/model-002/model.ts'), 'utf8')).toBe(
      "defineModel({ name: 'model-002' })",
    );
  });

  it('are refused where a model does not say its name as expected', () => {
    const root = project({ ...MODELS, 'models/barley-yield/model.ts': 'defineModel({ name: NAME })' });

    expect(() => setModels(root, temporaryFolder(), 1)).toThrow(
      'models/barley-yield/model.ts does not say its name',
    );
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../../../bin/train/command-line.ts';
import { TrainingError, trainedModels, trainingTarget } from '../../../bin/train/training-target.ts';
import type { Model } from '../../../contract/model/model.ts';

let root: string;

const trained = { name: 'trained', artifact: 'model.onnx' } as unknown as Model;
const computed = { name: 'computed' } as unknown as Model;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'train-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, files] of Object.entries({
    trained: ['model.ts', 'training/train.py', 'training/requirements.txt'],
    computed: ['model.ts'],
    given: ['model.ts', 'artifacts/model.onnx'],
    unfinished: ['model.ts', 'training/train.py'],
    notes: ['training/train.py'],
  })) {
    for (const file of files) {
      mkdirSync(join(root, 'models', name, file, '..'), { recursive: true });
      writeFileSync(join(root, 'models', name, file), '');
    }
  }
});

/** Refuses with an error of a kind and a message. */
async function refusal(name: string, model: Model | undefined): Promise<unknown> {
  return await trainingTarget(root, name, async () => model as Model).catch((error: unknown) => error);
}

describe('the model to train', () => {
  it('is found by its name', async () => {
    const folder = join(root, 'models', 'trained');
    const loaded: string[] = [];
    const target = await trainingTarget(root, 'trained', async (declaration) => {
      loaded.push(declaration);
      return trained;
    });
    expect(target).toEqual({
      model: trained,
      folder: join(folder, 'training'),
      artifacts: join(folder, 'artifacts'),
    });
    expect(loaded).toEqual([join(folder, 'model.ts')]);
  });

  it.each(['notes', 'constructor', '..', ''])(
    '"%s" is refused with the models that there are',
    async (name) => {
      expect(await refusal(name, trained)).toEqual(
        new UsageError(`There is no model "${name}". The models are: computed, given, trained, unfinished.`),
      );
    },
  );

  it('is refused as pure mathematics only where it is', async () => {
    expect(await refusal('computed', computed)).toEqual(
      new UsageError('computed is pure mathematics: it has no artifact, and nothing to train.'),
    );
  });

  it('is refused with what is missing where it has an artifact that nothing here can make again', async () => {
    expect(await refusal('given', trained)).toEqual(
      new UsageError(
        'given has an artifact, model.onnx, but no folder training/: nothing here can make the artifact again. Put train.py and requirements.txt in models/given/training.',
      ),
    );
  });

  it('is refused where its training is not complete', async () => {
    expect(await refusal('unfinished', trained)).toEqual(
      new TrainingError('models/unfinished/training/requirements.txt is missing.'),
    );
  });

  it('is refused where its declaration can not be loaded, with the reason', async () => {
    const failing = () => Promise.reject(new Error('the name is not kebab case'));
    await expect(trainingTarget(root, 'trained', failing)).rejects.toEqual(
      new TrainingError("models/trained/model.ts can't be loaded: the name is not kebab case"),
    );
    expect(await refusal('trained', undefined)).toEqual(
      new TrainingError('models/trained/model.ts exports no "model": declare it with defineModel.'),
    );
  });
});

describe('the models that are checked', () => {
  it('are those that have a folder training/', () => {
    expect(trainedModels(root)).toEqual(['trained', 'unfinished']);
  });
});

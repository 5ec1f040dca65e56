import { describe, expect, it } from 'vitest';
import { type DeploymentOptions, settingsFor } from '../../../contract/deployment/deployment.ts';
import type { Model } from '../../../contract/model/model.ts';
import { FUNCTION_NAMES, FUNCTION_SPECS, FUNCTIONS, functionsOf } from '../../../lib/features/functions.ts';
import {
  ASYNCHRONOUS,
  artifactModel,
  BATCH,
  CALLBACKS,
  deploymentOf,
  imageModel,
  JWT,
  SERVERLESS,
} from '../support/models.ts';

const namesOf = (
  hosting: DeploymentOptions['hosting'],
  others: Partial<DeploymentOptions> = {},
  model: Model = artifactModel,
) =>
  functionsOf({ model, settings: settingsFor(deploymentOf(hosting, others), 'dev') }).map(({ name }) => name);

describe('the functions of a model', () => {
  it('are what every model has', () => {
    expect(FUNCTION_NAMES).toEqual([
      'predict',
      'get-prediction',
      'feedback',
      'health',
      'describe',
      'drain',
      'verify',
    ]);
    expect(namesOf(SERVERLESS)).toEqual(FUNCTION_NAMES);
  });

  it.each([
    ['the authorizer where its API takes tokens', SERVERLESS, { access: JWT }, artifactModel, ['authorize']],
    ['uploads where it takes images', SERVERLESS, {}, imageModel, ['upload']],
    ['the completion where answers come later', ASYNCHRONOUS, {}, artifactModel, ['complete']],
    [
      'what calls back besides where that is declared',
      { ...ASYNCHRONOUS, callbacks: CALLBACKS },
      {},
      artifactModel,
      ['complete', 'notify'],
    ],
    [
      'the two ends of batches where it has them',
      SERVERLESS,
      { batch: BATCH },
      artifactModel,
      ['batch-prepare', 'batch-finish'],
    ],
  ] as const)('are, besides, %s', (_, hosting, others, model, further) => {
    expect(namesOf(hosting, others, model)).toEqual([...FUNCTION_NAMES, ...further]);
  });

  it('have names of their own', () => {
    expect(FUNCTIONS.map(({ name }) => name)).toEqual(Object.keys(FUNCTION_SPECS));
  });
});

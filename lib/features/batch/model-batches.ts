import type { Construct } from 'constructs';
import type { ModelParts } from '../../functions/model-parts.ts';
import { BatchTransform } from './batch-transform.ts';

/**
 * Adds the batches that a model declares to its stack.
 * @throws {Error} where it declares none
 */
export function modelBatches(stack: Construct, parts: ModelParts): BatchTransform {
  const { model, settings, endpoint } = parts;
  const { batch } = settings;
  if (batch === undefined) throw new Error(`${model.name}: declares no batches`);
  return new BatchTransform(stack, 'Batch', {
    ...parts,
    model: model.name,
    batch,
    served: endpoint?.served,
    serving: parts.serving,
  });
}

import { z } from 'zod';
import { defineModel, quantity } from '../../../contract/index.ts';
import { hasArtifact, type Model } from '../../../contract/model/model.ts';
import type { HostName, VariantSet } from './parts.ts';

const mass = quantity('kg/ha', { description: 'A mass per area', example: 2000, min: 0 });

const contract = {
  version: '1.0.0',
  title: 'A combination to verify',
  description: 'Stands in for any model.',
  input: z.strictObject({ mass }),
  output: z.object({ mass }),
};

/** A model for a host: pure mathematics, or one whose tensors every codec carries. */
export function modelFor(host: HostName, name: string): Model {
  if (host === 'lambda')
    return defineModel({ ...contract, name, predict: (input) => ({ mass: input.mass }) });
  return defineModel({
    ...contract,
    name,
    artifact: 'champion',
    preprocess: (inputs) => [
      { name: 'mass', shape: [inputs.length, 1], datatype: 'FP32', data: inputs.map((input) => input.mass) },
    ],
    postprocess: ([masses]) => (masses?.data ?? []).map((value) => ({ mass: Number(value) })),
  });
}

/** What `deployment.ts` says of variants. */
export function variantsOf(model: Model, set: VariantSet) {
  const common = { name: 'second', version: '1.1.0' };
  const second = hasArtifact(model) ? { ...common, artifact: 'second' } : { ...common, predict: 'second' };
  switch (set) {
    case 'no variants':
      return undefined;
    case 'a challenger':
      return { champion: { weight: 90 }, challengers: [{ ...second, weight: 10 }] };
    case 'a shadow':
      return { shadows: [second] };
  }
}

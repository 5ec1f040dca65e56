import type { z } from 'zod';
import type { Tensor } from '../tensors/tensors.ts';
import { exampleOf } from './model.ts';

interface Described<I extends z.ZodObject> {
  readonly input: I;
}

/** The contract's own example as a model gets it: validated, its quantities in their declared units. */
export function exampleInput<I extends z.ZodObject>({ input }: Described<I>): z.output<I> {
  return input.parse(exampleOf(input));
}

/** What a model makes of its own example: the request that a model server, or a function, proves itself with. */
export function exampleTensors<I extends z.ZodObject>(
  model: Described<I> & { preprocess(inputs: readonly z.output<I>[]): readonly Tensor[] },
): readonly Tensor[] {
  return model.preprocess([exampleInput(model)]);
}

import type { Datatype } from '../../contract/tensors/tensors.ts';
import { InferenceError } from './error.ts';
import type { InferenceRequest } from './request.ts';
import type { Tensor } from './tensor.ts';

/** A tensor that the model takes or gives. A dimension of any size is -1. */
export interface TensorMetadata {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** What a loaded model takes and gives. */
export interface ModelSignature {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/**
 * Checks that a request fits the model.
 *
 * @throws InferenceError 400 listing everything that does not fit.
 */
export function checkRequest(signature: ModelSignature, request: InferenceRequest): void {
  const problems = [
    ...signature.inputs.flatMap((expected) => inputProblems(expected, request.inputs)),
    ...unknownNames('input', request.inputs, signature.inputs),
    ...unknownNames('output', request.outputs?.map((name) => ({ name })) ?? [], signature.outputs),
  ];
  if (problems.length > 0) throw new InferenceError(400, problems.join('; '));
}

function inputProblems(expected: TensorMetadata, inputs: readonly Tensor[]): string[] {
  const input = inputs.find((candidate) => candidate.name === expected.name);
  if (!input) return [`input "${expected.name}" is missing`];
  const problems: string[] = [];
  if (input.datatype !== expected.datatype) {
    problems.push(`input "${input.name}" is ${expected.datatype}, not ${input.datatype}`);
  }
  const fits =
    input.shape.length === expected.shape.length &&
    expected.shape.every((size, axis) => size === -1 || size === input.shape[axis]);
  if (!fits) {
    problems.push(`input "${input.name}" has the shape ${show(expected.shape)}, not ${show(input.shape)}`);
  }
  return problems;
}

function unknownNames(
  kind: string,
  given: readonly { readonly name: string }[],
  known: readonly TensorMetadata[],
): string[] {
  const names = known.map(({ name }) => name);
  return given
    .filter(({ name }) => !names.includes(name))
    .map(({ name }) => `the model has no ${kind} "${name}" (it has ${names.join(', ')})`);
}

const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

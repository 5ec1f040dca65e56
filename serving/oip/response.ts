import { InferenceError } from './error.ts';
import type { Tensor } from './tensor.ts';

/** What an inference answers with. `version` and `id` are left out of the JSON when undefined. */
export interface InferenceResponse {
  readonly model: string;
  readonly version?: string;
  readonly id?: string;
  readonly outputs: readonly Tensor[];
}

/**
 * Encodes a response as Open Inference Protocol V2 JSON with flat data. 64-bit integers are written as JSON
 * numbers with all their digits, as the protocol has it: a reader that parses numbers as doubles rounds those
 * beyond 2^53.
 *
 * @throws InferenceError 500 if an output holds NaN or infinity, which JSON can't carry.
 */
export function serialiseResponse(response: InferenceResponse): string {
  const head = JSON.stringify({
    model_name: response.model,
    model_version: response.version,
    id: response.id,
  });
  return `${head.slice(0, -1)},"outputs":[${response.outputs.map(serialiseTensor).join(',')}]}`;
}

/** Encodes one tensor as it stands in a request's `inputs` or a response's `outputs`. */
export function serialiseTensor(tensor: Tensor): string {
  const { name, datatype, shape } = tensor;
  const head = JSON.stringify({ name, datatype, shape });
  return `${head.slice(0, -1)},"data":[${serialiseData(tensor)}]}`;
}

function serialiseData({ name, datatype, data }: Tensor): string {
  if (Array.isArray(data)) return data.map((value) => JSON.stringify(value)).join(',');
  if (datatype === 'BOOL') return Array.from<unknown>(data).map(Boolean).join(',');
  if (data instanceof Float32Array || data instanceof Float64Array) {
    refuseNonFinite(name, data);
    // Text made from minus zero loses its sign.
    return Array.from(data, (value) => (Object.is(value, -0) ? '-0' : value)).join(',');
  }
  return data.join(',');
}

function refuseNonFinite(name: string, data: Float32Array | Float64Array): void {
  for (const [index, value] of data.entries()) {
    if (!Number.isFinite(value)) {
      throw new InferenceError(
        500,
        `output "${name}": the model answered ${value} at data[${index}], which JSON can't carry`,
      );
    }
  }
}

import { z } from 'zod';
import { CODEC_CONTENT_TYPES } from '../../contract/tensors/codecs.ts';
import type { Datatype, Tensor } from '../../contract/tensors/tensors.ts';
import type { Format } from './format.ts';
import { parseJsonBody } from './json-body.ts';

type Element = Tensor['data'][number];
/** What a row holds of one tensor: an element, or lists of them as deep as the tensor has further dimensions. */
type Nested = Element | readonly Nested[];

const nested: z.ZodType<Nested> = z.lazy(() =>
  z.union([z.number(), z.string(), z.boolean(), z.array(nested)]),
);

/** A row is what one tensor holds of it, or names what several do. */
const responseSchema = z.object({
  predictions: z.array(z.union([nested, z.record(z.string(), nested)])),
});

/** What a tensor is called where the rows do not name theirs. */
const UNNAMED = 'predictions';

const DATATYPE_OF = { number: 'FP64', string: 'BYTES', boolean: 'BOOL' } as const satisfies Record<
  string,
  Datatype
>;

/**
 * `{"instances": [row, …]}`, answered by `{"predictions": [row, …]}`: the rows of TensorFlow Serving's predict API, which
 * SageMaker's common data formats follow. A row of one tensor is its elements, of several an object by their names.
 */
export const jsonFormat: Format = {
  contentType: CODEC_CONTENT_TYPES.json,
  encode: (_id, inputs) => {
    const rows = inputs.map((tensor) => ({ name: tensor.name, rows: rowsOf(tensor) }));
    const [first] = rows;
    const instances =
      rows.length === 1
        ? first?.rows
        : first?.rows.map((_, row) => Object.fromEntries(rows.map((one) => [one.name, one.rows[row]])));
    return JSON.stringify({ instances: instances ?? [] });
  },
  decode: (body, rows) => {
    const { predictions } = responseSchema.parse(parseJsonBody(body));
    if (predictions.length !== rows) {
      throw new Error(`the body has ${predictions.length} predictions for ${rows} inputs`);
    }
    const named = predictions.map((row) => (isNamed(row) ? row : { [UNNAMED]: row }));
    const names = Object.keys(named[0] ?? {});
    const odd = named.findIndex((row) => Object.keys(row).sort().join() !== [...names].sort().join());
    if (odd >= 0) throw new Error(`prediction ${odd} has other names than the first`);
    return names.map((name) =>
      tensorOf(
        name,
        named.flatMap((row) => (name in row ? [row[name] as Nested] : [])),
      ),
    );
  },
};

function isNamed(row: Nested | Readonly<Record<string, Nested>>): row is Readonly<Record<string, Nested>> {
  return typeof row === 'object' && !Array.isArray(row);
}

/** A tensor's elements by rows. */
function rowsOf({ shape, datatype, data }: Tensor): readonly Nested[] {
  // An integer that came as digits is a number in JSON; text stays text.
  const elements =
    datatype === 'BYTES' ? data : data.map((value) => (typeof value === 'string' ? Number(value) : value));
  return shape.slice(1).reduceRight<readonly Nested[]>(chunksOf, elements);
}

function chunksOf(elements: readonly Nested[], size: number): readonly Nested[] {
  return Array.from({ length: elements.length / size }, (_, index) =>
    elements.slice(index * size, (index + 1) * size),
  );
}

function tensorOf(name: string, rows: readonly Nested[]): Tensor {
  const shape = shapeOf(rows);
  const data = flat(rows, shape, name);
  const [kind] = new Set(data.map((element) => typeof element));
  if (data.some((element) => typeof element !== kind)) throw new Error(`"${name}" mixes types`);
  return { name, shape, datatype: DATATYPE_OF[(kind ?? 'number') as keyof typeof DATATYPE_OF], data };
}

/** What the first elements say of the lengths of all lists. */
function shapeOf(value: Nested): readonly number[] {
  return isList(value) ? [value.length, ...(value[0] === undefined ? [] : shapeOf(value[0]))] : [];
}

function flat(value: Nested, [length, ...inner]: readonly number[], name: string): readonly Element[] {
  if (!isList(value)) {
    if (length !== undefined) throw new Error(`"${name}" is deeper in some rows than in others`);
    return [value];
  }
  if (value.length !== length) throw new Error(`"${name}" has lists of different lengths`);
  return value.flatMap((one) => flat(one, inner, name));
}

function isList(value: Nested): value is readonly Nested[] {
  return Array.isArray(value);
}

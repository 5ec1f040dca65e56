import { DATATYPES, type Datatype } from '../../contract/tensors/tensors.ts';
import { InferenceError } from './error.ts';

/** The values of a tensor, row-major. BOOL is 0 and 1; BYTES are strings (JSON carries no other bytes). */
export type TensorData = TypedArray | string[];

type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** How one Open Inference Protocol datatype is held in memory and read from JSON. */
interface DatatypeRules {
  /** ONNX Runtime's name of the element type. */
  readonly onnx: string;
  /** Reads flat JSON values. @throws InferenceError 400 naming the index of the first unfit value. */
  read(values: readonly unknown[], where: string): TensorData;
  /** Appends data of this datatype to each other. */
  join(parts: readonly TensorData[]): TensorData;
}

/** A typed array as far as its element type matters here. */
interface Elements<E> {
  [index: number]: E;
  set(values: ArrayLike<E>, offset: number): void;
}

/** Rules of a datatype held in typed arrays; `accept` answers undefined for a value that does not fit. */
function typed<E extends number | bigint, T extends TypedArray & Elements<E> & ArrayLike<E>>(
  onnx: string,
  Storage: new (length: number) => T,
  expected: string,
  accept: (value: unknown) => E | undefined,
): DatatypeRules {
  return {
    onnx,
    read(values, where) {
      const data = new Storage(values.length);
      const elements: Elements<E> = data;
      for (const [index, value] of values.entries()) {
        const element = accept(value);
        if (element === undefined) throw unfit(where, index, expected);
        elements[index] = element;
      }
      return data;
    },
    join(parts) {
      const data = new Storage(parts.reduce((sum, part) => sum + part.length, 0));
      const elements: Elements<E> = data;
      let offset = 0;
      for (const part of parts) {
        if (!(part instanceof Storage)) throw new TypeError(`${onnx} can't be joined with another type`);
        elements.set(part, offset);
        offset += part.length;
      }
      return data;
    },
  };
}

function unfit(where: string, index: number, expected: string): InferenceError {
  return new InferenceError(400, `${where}: data[${index}] is not ${expected}`);
}

const integerWithin = (min: number, max: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;

/**
 * A JSON number beyond ±(2^53 - 1) has lost its last digits by the time it is parsed, so it is refused; a
 * string of decimal digits carries any 64-bit integer exactly.
 */
const bigIntegerWithin = (min: bigint, max: bigint) => (value: unknown) => {
  if (!isExactInteger(value)) return undefined;
  const integer = BigInt(value);
  return integer >= min && integer <= max ? integer : undefined;
};

function isExactInteger(value: unknown): value is number | string {
  return typeof value === 'string' ? /^-?\d{1,20}$/.test(value) : Number.isSafeInteger(value);
}

/** A number that stays finite in the type: 1e999 and, for FP32, 1e39 are refused, not made infinite. */
const finiteAs = (round: (value: number) => number) => (value: unknown) =>
  typeof value === 'number' && Number.isFinite(round(value)) ? value : undefined;

function integer<T extends TypedArray & Elements<number> & ArrayLike<number>>(
  onnx: string,
  Storage: new (length: number) => T,
  min: number,
  max: number,
): DatatypeRules {
  return typed(onnx, Storage, `an integer from ${min} to ${max}`, integerWithin(min, max));
}

function bigInteger<T extends TypedArray & Elements<bigint> & ArrayLike<bigint>>(
  onnx: string,
  Storage: new (length: number) => T,
  min: bigint,
  max: bigint,
): DatatypeRules {
  const expected = `an integer from ${min} to ${max} (beyond 2^53 - 1 as a string of digits)`;
  return typed(onnx, Storage, expected, bigIntegerWithin(min, max));
}

const BYTES: DatatypeRules = {
  onnx: 'string',
  read: (values, where) =>
    values.map((value, index) => {
      if (typeof value !== 'string') throw unfit(where, index, 'a string');
      return value;
    }),
  join: (parts) =>
    parts.flatMap((part) => {
      if (!Array.isArray(part)) throw new TypeError("strings can't be joined with another type");
      return part;
    }),
};

/** By the datatypes that the contract has. */
export const DATATYPE_RULES: Readonly<Record<Datatype, DatatypeRules>> = {
  BOOL: typed('bool', Uint8Array, 'true or false', (value) =>
    typeof value === 'boolean' ? Number(value) : undefined,
  ),
  INT8: integer('int8', Int8Array, -(2 ** 7), 2 ** 7 - 1),
  INT16: integer('int16', Int16Array, -(2 ** 15), 2 ** 15 - 1),
  INT32: integer('int32', Int32Array, -(2 ** 31), 2 ** 31 - 1),
  INT64: bigInteger('int64', BigInt64Array, -(2n ** 63n), 2n ** 63n - 1n),
  UINT8: integer('uint8', Uint8Array, 0, 2 ** 8 - 1),
  UINT16: integer('uint16', Uint16Array, 0, 2 ** 16 - 1),
  UINT32: integer('uint32', Uint32Array, 0, 2 ** 32 - 1),
  UINT64: bigInteger('uint64', BigUint64Array, 0n, 2n ** 64n - 1n),
  FP32: typed('float32', Float32Array, 'a number within the range of FP32', finiteAs(Math.fround)),
  FP64: typed('float64', Float64Array, 'a number within the range of FP64', finiteAs(Number)),
  BYTES,
};

/** The datatype of an ONNX element type, or undefined for one that JSON can't carry. */
export function datatypeOfOnnx(onnx: string): Datatype | undefined {
  return DATATYPES.find((name) => DATATYPE_RULES[name].onnx === onnx);
}

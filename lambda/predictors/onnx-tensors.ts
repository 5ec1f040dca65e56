import { Tensor as OnnxTensor } from 'onnxruntime-web/wasm';
import { DATATYPES, type Datatype, type Tensor } from '../../contract/tensors/tensors.ts';

type Values = Tensor['data'];
type Value = Values[number];

/** How elements of one datatype are held by ONNX Runtime. Values that would change by being held are refused. */
interface Elements {
  readonly type: OnnxTensor.Type;
  /** What ONNX Runtime takes, and the index of the first value that does not fit; -1 where all do. */
  hold(values: Values): { readonly data: OnnxTensor.DataType; readonly unfit: number };
}

interface NumberStorage {
  from(values: ArrayLike<Value>, map: (value: Value) => number): OnnxTensor.DataType & ArrayLike<number>;
}

interface BigIntStorage {
  from(values: ArrayLike<Value>, map: (value: Value) => bigint): OnnxTensor.DataType & ArrayLike<bigint>;
}

function integers(type: OnnxTensor.Type, storage: NumberStorage): Elements {
  return {
    type,
    hold: (values) => {
      const data = storage.from(values, Number);
      return { data, unfit: values.findIndex((value, index) => data[index] !== value) };
    },
  };
}

function floats(type: OnnxTensor.Type, storage: NumberStorage): Elements {
  return {
    type,
    hold: (values) => {
      const data = storage.from(values, Number);
      const fits = (value: Value, index: number) => typeof value === 'number' && Number.isFinite(data[index]);
      return { data, unfit: values.findIndex((value, index) => !fits(value, index)) };
    },
  };
}

/** A number beyond 2^53 - 1 has lost digits already: such an integer is a string of digits, as in the protocol's JSON. */
function bigIntegers(type: OnnxTensor.Type, storage: BigIntStorage): Elements {
  const exact = (value: Value) =>
    typeof value === 'string' ? /^-?\d{1,20}$/.test(value) : Number.isSafeInteger(value);
  return {
    type,
    hold: (values) => {
      const data = storage.from(values, (value) => (exact(value) ? BigInt(value) : 0n));
      const fits = (value: Value, index: number) => exact(value) && data[index] === BigInt(value);
      return { data, unfit: values.findIndex((value, index) => !fits(value, index)) };
    },
  };
}

function ofType(type: OnnxTensor.Type, kind: 'boolean' | 'string'): Elements {
  return {
    type,
    hold: (values) => ({
      data: (kind === 'boolean' ? Uint8Array.from(values, Number) : values) as OnnxTensor.DataType,
      unfit: values.findIndex((value) => typeof value !== kind),
    }),
  };
}

const ELEMENTS: Readonly<Record<Datatype, Elements>> = {
  BOOL: ofType('bool', 'boolean'),
  UINT8: integers('uint8', Uint8Array),
  UINT16: integers('uint16', Uint16Array),
  UINT32: integers('uint32', Uint32Array),
  UINT64: bigIntegers('uint64', BigUint64Array),
  INT8: integers('int8', Int8Array),
  INT16: integers('int16', Int16Array),
  INT32: integers('int32', Int32Array),
  INT64: bigIntegers('int64', BigInt64Array),
  FP32: floats('float32', Float32Array),
  FP64: floats('float64', Float64Array),
  BYTES: ofType('string', 'string'),
};

/**
 * A tensor as ONNX Runtime takes it.
 * @throws {Error} that names the tensor and the index, never the value, where a value does not fit the datatype
 */
export function toOnnx({ name, datatype, shape, data: values }: Tensor): OnnxTensor {
  const { type, hold } = ELEMENTS[datatype];
  const { data, unfit } = hold(values);
  if (unfit >= 0) throw new Error(`"${name}": data[${unfit}] does not fit ${datatype}`);
  return new OnnxTensor(type, data, shape);
}

/**
 * A tensor from ONNX Runtime, its elements as the model server's JSON would hold them.
 * @throws {Error} for an element type or a value that JSON can't carry, such as FP16 or infinity
 */
export function fromOnnx(name: string, { type, dims, data }: OnnxTensor): Tensor {
  const datatype = DATATYPES.find((candidate) => ELEMENTS[candidate].type === type);
  if (datatype === undefined) throw new Error(`"${name}" is ${type}: cast it in the model`);
  const values = Array.from<unknown, Value>(data as ArrayLike<unknown>, (value) =>
    datatype === 'BOOL' ? Boolean(value) : typeof value === 'bigint' ? Number(value) : (value as Value),
  );
  const unfit = values.findIndex((value) => typeof value === 'number' && !Number.isFinite(value));
  if (unfit >= 0) throw new Error(`"${name}": the model answered something that is not finite at [${unfit}]`);
  return { name, shape: [...dims], datatype, data: values };
}

import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import type { Datatype } from '../../contract/tensors/tensors.ts';
import { DATATYPE_RULES, datatypeOfOnnx } from '../oip/datatype-rules.ts';
import type { ModelSignature, TensorMetadata } from '../oip/metadata.ts';
import type { Tensor } from '../oip/tensor.ts';
import type { RunMessage, WorkerData, WorkerMessage } from './protocol.ts';

// ONNX Runtime would write failures to stderr itself, with values of the payload in them.
const LOG_FATAL_ONLY = 4;

/**
 * Native code, so it is not bundled: it is required at run time, from beside the program or along NODE_PATH, whatever
 * the bundle's module format.
 */
type OnnxRuntime = typeof import('onnxruntime-node');

/**
 * The thread that holds the model. ONNX Runtime's run is synchronous: in the main thread it would keep /ping and
 * every other request waiting.
 */
export async function runWorker(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('not a worker thread');
  const post = (message: WorkerMessage): void => port.postMessage(message);
  const { program, file, intraOpThreads } = workerData as WorkerData;
  const onnx = createRequire(program)('onnxruntime-node') as OnnxRuntime;
  let session: InferenceSession;
  try {
    session = await onnx.InferenceSession.create(file, {
      logSeverityLevel: LOG_FATAL_ONLY,
      ...(intraOpThreads > 0 && { intraOpNumThreads: intraOpThreads }),
    });
    post({ type: 'loaded', signature: signatureOf(session) });
  } catch (error) {
    post({ type: 'unloadable', reason: messageOf(error) });
    return;
  }
  port.on('message', async ({ inputs }: RunMessage) => {
    try {
      post({ type: 'answered', outputs: await run(onnx, session, inputs) });
    } catch (error) {
      post({ type: 'refused', reason: messageOf(error) });
    }
  });
}

async function run(
  onnx: OnnxRuntime,
  session: InferenceSession,
  inputs: readonly Tensor[],
): Promise<Tensor[]> {
  const feeds = Object.fromEntries(
    inputs.map(({ name, datatype, shape, data }) => [
      name,
      new onnx.Tensor(DATATYPE_RULES[datatype].onnx as OnnxTensor.Type, data as OnnxTensor.DataType, shape),
    ]),
  );
  const results = await session.run(feeds, { logSeverityLevel: LOG_FATAL_ONLY });
  return session.outputNames.map((name) => {
    const result = results[name];
    if (!result) throw new Error(`the model gave no output "${name}"`);
    return {
      name,
      datatype: jsonDatatype(name, result.type),
      shape: [...result.dims],
      data: result.data as Tensor['data'],
    };
  });
}

function signatureOf(session: InferenceSession): ModelSignature {
  return {
    inputs: session.inputMetadata.map(metadataOf),
    outputs: session.outputMetadata.map(metadataOf),
  };
}

function metadataOf(value: InferenceSession.ValueMetadata): TensorMetadata {
  if (!value.isTensor) {
    throw new Error(
      `"${value.name}" is not a tensor (export a classifier without its map of probabilities: zipmap=False)`,
    );
  }
  return {
    name: value.name,
    datatype: jsonDatatype(value.name, value.type),
    shape: value.shape.map((size) => (typeof size === 'number' ? size : -1)),
  };
}

function jsonDatatype(name: string, onnx: string): Datatype {
  const datatype = datatypeOfOnnx(onnx);
  if (!datatype) throw new Error(`"${name}" is ${onnx}, which JSON can't carry: cast it in the model`);
  return datatype;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

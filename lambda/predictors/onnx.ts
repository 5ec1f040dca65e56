import { readFile } from 'node:fs/promises';
import { env, InferenceSession } from 'onnxruntime-web/wasm';
import { ImageError } from '../../contract/images/received-image.ts';
import { exampleTensors } from '../../contract/model/example-input.ts';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { Tensor } from '../../contract/tensors/tensors.ts';
import { answersOf } from './answers.ts';
import { fromOnnx, toOnnx } from './onnx-tensors.ts';
import type { Predictor } from './predictor.ts';

/** The files that lie beside the function's code. */
export interface OnnxFiles {
  readonly model: URL;
  /** ONNX Runtime, as WebAssembly: the same bytes on every processor and operating system. */
  readonly runtime: URL;
}

// ONNX Runtime would write failures to stderr itself, with values of the payload in them.
const LOG_FATAL_ONLY = { logSeverityLevel: 4 } as const;

/**
 * Loads a model into the function, and has it answer its own example. It is awaited while the function starts, before
 * there is a request: loading takes half a second to a second of processor time, which would be some first caller's.
 * @throws {Error} where the model can't be loaded or can't answer: the function does not start, and its log says why
 */
export async function predictorFor(model: ArtifactModel, files: OnnxFiles): Promise<Predictor> {
  const run = await load(files);
  await run(exampleTensors(model));
  return {
    predict: async (inputs) => {
      let outputs: readonly Tensor[];
      try {
        outputs = await run(model.preprocess(inputs));
      } catch (error) {
        if (error instanceof ImageError) throw error;
        throw new ProblemError('model-error', 'The model failed on this input.', {
          cause: withoutValues(error),
        });
      }
      return answersOf(model, outputs, inputs);
    },
  };
}

type Run = (inputs: readonly Tensor[]) => Promise<readonly Tensor[]>;

async function load({ model, runtime }: OnnxFiles): Promise<Run> {
  const [weights, wasm] = await Promise.all([readFile(model), readFile(runtime)]);
  env.wasm.wasmBinary = wasm;
  // A function up to 1,769 MB has one processor at most (Lambda developer guide, "Configure Lambda function memory").
  env.wasm.numThreads = 1;
  env.logLevel = 'fatal';
  const session = await InferenceSession.create(weights, LOG_FATAL_ONLY);
  return async (inputs) => {
    const feeds = Object.fromEntries(inputs.map((tensor) => [tensor.name, toOnnx(tensor)]));
    const results = await session.run(feeds, LOG_FATAL_ONLY);
    return session.outputNames.map((name) => {
      const result = results[name];
      if (result === undefined) throw new Error(`the model gave no output "${name}"`);
      return fromOnnx(name, result);
    });
  };
}

/** ONNX Runtime names the failing node first and then gives details, which can hold values of the payload. */
function withoutValues(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(message.split(' Status Message:', 1).join());
}

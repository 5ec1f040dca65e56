import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { type GoldenTolerance, readGolden } from '../../contract/golden/golden-cases.ts';
import { withSummaries } from '../../contract/images/received-image.ts';
import { type ArtifactModel, exampleOf } from '../../contract/model/model.ts';
import type { Tensor } from '../../contract/tensors/tensors.ts';
import { DATATYPE_RULES, datatypeOfOnnx } from '../../serving/oip/datatype-rules.ts';
import { type Difference, differencesOf } from './compare-json.ts';
import { goldenAgreement } from './tolerance.ts';
import { TrainingError } from './training-target.ts';

type Values = Readonly<Record<string, unknown>>;

/** What two models are asked, and how far their answers may be apart. */
export interface Questions {
  readonly tolerance: GoldenTolerance;
  /** Inputs as validation leaves them. */
  readonly inputs: readonly Values[];
}

/** The paths of two ONNX files. */
export interface OnnxFiles {
  readonly committed: string;
  readonly trained: string;
}

// ONNX Runtime would write failures to stderr itself.
const LOG_FATAL_ONLY = { logSeverityLevel: 4 } as const;

/**
 * The inputs of a model's `reference.json` and its tolerance; the contract's own example where the model has no such file.
 * @param reference the text of the file
 * @throws {TrainingError} where the file is not usable
 */
export function questionsOf(model: ArtifactModel, reference: string | undefined): Questions {
  const example = { cases: [{ input: exampleOf(model.input), output: exampleOf(model.output) }] };
  const reading = readGolden(model, reference ?? JSON.stringify(example));
  if ('problems' in reading) {
    throw new TrainingError(`models/${model.name}/artifacts/reference.json: ${reading.problems.join('; ')}`);
  }
  const { tolerance, cases } = reading.golden;
  return { tolerance, inputs: cases.map(({ input }) => model.input.parse(input)) };
}

/**
 * Where two ONNX files differ as a model: in what goes in and comes out by name, element type and shape, and in the answers
 * that the model's own `preprocess` and `postprocess` make of them. What neither the signature nor an input shows, such as
 * the leaf of a tree that no input comes to, is not seen.
 */
export async function onnxDifferences(
  model: ArtifactModel,
  files: OnnxFiles,
  { inputs, tolerance }: Questions,
): Promise<readonly Difference[]> {
  const committed = await attempt(() => open(files.committed));
  const trained = await attempt(() => open(files.trained));
  const unusable = faultsOf('', 'be loaded', { committed, trained });
  if (unusable.length > 0 || 'reason' in committed || 'reason' in trained) return unusable;
  try {
    const agree = goldenAgreement(tolerance);
    const found = [...differencesOf(signatureOf(committed.value), signatureOf(trained.value), agree)];
    // One at a time: a batch of images would take the memory of all of them.
    for (const [index, input] of inputs.entries()) {
      const path = `/cases/${index}/output`;
      const answers = {
        committed: await attempt(() => answer(model, committed.value, input)),
        trained: await attempt(() => answer(model, trained.value, input)),
      };
      found.push(...faultsOf(path, 'answer', answers));
      if ('reason' in answers.committed || 'reason' in answers.trained) continue;
      found.push(...differencesOf(answers.committed.value, answers.trained.value, agree, path));
    }
    return found;
  } finally {
    await Promise.all([committed.value.release(), trained.value.release()]);
  }
}

type Attempt<T> = { readonly value: T } | { readonly reason: string };

async function attempt<T>(action: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await action() };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

function faultsOf(
  path: string,
  verb: string,
  both: Readonly<Record<string, Attempt<unknown>>>,
): Difference[] {
  return Object.entries(both).flatMap(([which, one]) =>
    'reason' in one
      ? [{ path, kind: 'fault' as const, problem: `the ${which} model can't ${verb}: ${one.reason}` }]
      : [],
  );
}

async function open(file: string): Promise<InferenceSession> {
  return await InferenceSession.create(file, { intraOpNumThreads: 1, ...LOG_FATAL_ONLY });
}

/** What a graph takes and gives, by name: their order is nobody's business. */
function signatureOf({ inputMetadata, outputMetadata }: InferenceSession): Values {
  return { inputs: describedByName(inputMetadata), outputs: describedByName(outputMetadata) };
}

function describedByName(all: readonly InferenceSession.ValueMetadata[]): Values {
  return Object.fromEntries(
    all.map((one) => [
      one.name,
      one.isTensor ? { type: one.type, shape: [...one.shape] } : { type: 'not a tensor' },
    ]),
  );
}

async function answer(model: ArtifactModel, session: InferenceSession, input: Values): Promise<Values> {
  const feeds = Object.fromEntries(model.preprocess([input]).map((tensor) => [tensor.name, toOnnx(tensor)]));
  const results = await session.run(feeds, LOG_FATAL_ONLY);
  const outputs = session.outputNames.map((name) => fromOnnx(name, results[name]));
  const answers = model.postprocess(outputs, [withSummaries(input)]);
  const [only] = answers;
  if (only === undefined || answers.length > 1) {
    throw new Error(`postprocess made ${answers.length} answers of one input`);
  }
  return only;
}

function toOnnx({ name, datatype, shape, data }: Tensor): OnnxTensor {
  const { onnx, read } = DATATYPE_RULES[datatype];
  return new OnnxTensor(onnx as OnnxTensor.Type, read(data, `"${name}"`) as OnnxTensor.DataType, shape);
}

/** A tensor as a model's postprocess gets it, but for what JSON could not carry: a number that is not finite is kept. */
function fromOnnx(name: string, result: OnnxTensor | undefined): Tensor {
  if (result === undefined) throw new Error(`there is no output "${name}"`);
  const datatype = datatypeOfOnnx(result.type);
  if (datatype === undefined) throw new Error(`"${name}" is ${result.type}: cast it in the model`);
  const data = Array.from(result.data as ArrayLike<string | number | bigint>, (value) => {
    if (datatype === 'BOOL') return Boolean(value);
    return typeof value === 'bigint' ? Number(value) : value;
  });
  return { name, datatype, shape: [...result.dims], data };
}

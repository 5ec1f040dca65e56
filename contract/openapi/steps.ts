import { takesImages } from '../fields/image.ts';
import type { Model } from '../model/model.ts';
import type { ProblemCode } from '../problems/problems.ts';

/** What operations do on their way to an answer, and with which problems each of it may end. */
const STEPS = {
  'read-body': ['missing-body', 'invalid-json', 'invalid-request', 'invalid-input', 'payload-too-large'],
  'read-callback': ['invalid-callback'],
  'read-inputs': ['too-many-inputs'],
  'fetch-uploads': ['store-unavailable'],
  /** Preprocessing, and encoding for a container; what an image holds is told as `invalid-input`. */
  'prepare-inputs': ['model-error', 'invalid-input'],
  'ask-model': ['model-throttled', 'model-error', 'model-unavailable', 'model-starting', 'model-timeout'],
  /** A queue is asked, and not the model behind it: it may be throttled, away or slow, but neither fail nor start. */
  'queue-request': ['model-throttled', 'model-unavailable', 'model-timeout'],
  'reach-store': ['store-unavailable'],
  'find-prediction': ['prediction-not-found', 'store-unavailable'],
  'add-feedback': ['feedback-exists', 'store-unavailable'],
  /** What the model's latest request came to. */
  'recall-outcome': ['model-error', 'store-unavailable'],
} as const satisfies Readonly<Record<string, readonly ProblemCode[]>>;

/** Something that an operation does. */
export type Step = keyof typeof STEPS;

/** The problems that an operation of these steps may answer with, each once, in the order of the steps. */
export function problemsOf(steps: readonly Step[]): readonly ProblemCode[] {
  return [...new Set(steps.flatMap((step) => STEPS[step]))];
}

/** What every `POST /predictions` of a model does before a model or a queue is asked. */
export function requestSteps(model: Pick<Model, 'input'>): readonly Step[] {
  const uploads: readonly Step[] = takesImages(model) ? ['fetch-uploads'] : [];
  return ['read-callback', 'read-body', 'read-inputs', ...uploads, 'prepare-inputs'];
}

import type { Feature } from '../functions/feature.ts';
import { TOKENS } from './access/authorize.ts';
import { COMPLETION } from './asynchronous/complete.ts';
import { BATCH } from './batch/batch.ts';
import { NOTIFICATION } from './callbacks/notify.ts';
import { CAPTURE } from './capture/drain.ts';
import { DESCRIPTION } from './description/describe.ts';
import { FEEDBACK } from './feedback/feedback.ts';
import { HEALTH } from './health/health.ts';
import { PREDICTION } from './prediction/predict.ts';
import { STORED_PREDICTIONS } from './stored-predictions/get-prediction.ts';
import { UPLOADS } from './uploads/upload.ts';
import { VERIFICATION } from './verification/verify.ts';

/**
 * Everything that a deployed model does. Bundling, functions, the stack and the names of functions come from this list, in its
 * order: a further function is a folder here, its handler, and a line.
 */
export const FEATURES = [
  PREDICTION,
  STORED_PREDICTIONS,
  FEEDBACK,
  HEALTH,
  DESCRIPTION,
  CAPTURE,
  VERIFICATION,
  TOKENS,
  UPLOADS,
  COMPLETION,
  NOTIFICATION,
  BATCH,
] as const satisfies readonly Feature[];

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { METRICS_NAMESPACE } from '../contract/observability/metrics.ts';
import { readEnvironment } from './environment.ts';

/** The one logger of a function. Payload values never go through it: ids, codes, counts and durations do. */
export const logger = new Logger();

/** The one metrics buffer of a function, in CloudWatch's embedded metric format; the service name is the model's. */
export const metrics = new Metrics({
  namespace: METRICS_NAMESPACE,
  defaultDimensions: { environment: readEnvironment(['MODEL_ENVIRONMENT']).MODEL_ENVIRONMENT },
});

import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { ulid } from 'ulid';
import { CHAMPION } from '../../contract/model/answering-variant.ts';
import type { Model } from '../../contract/model/model.ts';
import { captureWith } from '../capture/capture.ts';
import { dynamoDbStore } from '../capture/dynamodb-store.ts';
import { sqsCaptureQueue } from '../capture/queue.ts';
import { readEnvironment } from '../environment.ts';
import { apiHandler } from '../http/handler.ts';
import { predict } from '../prediction/predict.ts';
import type { Predictor } from '../predictors/predictor.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { countingErrors } from '../variants/count.ts';
import { dynamoDbShadowStore } from '../variants/shadow-store.ts';
import { withShadows } from '../variants/shadows.ts';
import {
  type FurtherPredictor,
  type FurtherRoute,
  noFurtherVariants,
  variantRouter,
} from '../variants/variant-router.ts';
import {
  answerGolden,
  type GoldenAnswer,
  type GoldenQuestion,
  isGoldenQuestion,
} from '../verification/golden-question.ts';

type PredictHandler = (
  event: APIGatewayProxyEvent | GoldenQuestion,
  context: Context,
) => Promise<APIGatewayProxyResult | GoldenAnswer>;

export interface PredictParts {
  /** The way to the variants besides the champion. @default - there are none */
  readonly further?: FurtherPredictor;
  /** Where a model that takes images finds those that were uploaded. @default - it takes none */
  readonly uploads?: Uploads;
}

/** The function behind `POST /predictions`, which a verification asks too, by itself. */
export function createHandler(
  model: Model,
  champion: Predictor,
  { further = noFurtherVariants, uploads }: PredictParts = {},
): PredictHandler {
  const environment = readEnvironment([
    'VARIANTS',
    'SHADOWS',
    'SHADOW_BUDGET_MS',
    'TABLE_NAME',
    'CAPTURE_QUEUE_URL',
    'RETENTION_DAYS',
  ]);
  const capture = captureWith(
    dynamoDbStore(environment.TABLE_NAME),
    sqsCaptureQueue(environment.CAPTURE_QUEUE_URL),
  );
  const common = { uploads, retentionDays: environment.RETENTION_DAYS, now: Date.now, newId: ulid };
  const variantOf = variantRouter({ model, champion, further, variants: environment.VARIANTS });
  const shadowPorts = {
    model,
    shadows: environment.SHADOWS.map((shadow) => ({ ...shadow, predictor: further(shadow) })),
    store: dynamoDbShadowStore(environment.TABLE_NAME),
    budgetMs: environment.SHADOW_BUDGET_MS,
    now: Date.now,
  };
  const serve = apiHandler((request) => {
    const { predictor, ...chosen } = variantOf(request.callerKey);
    return countingErrors(chosen.variant, () =>
      withShadows(shadowPorts, { predictor, capture }, (shadowed) =>
        predict({ ...common, ...chosen, ...shadowed }, request),
      ),
    );
  });
  const routes: readonly FurtherRoute[] = [...environment.VARIANTS, ...environment.SHADOWS];
  // For a question in the life of a version: what it makes is not kept.
  const predictorOf = (variant: string): Predictor => {
    const route = routes.find(({ name }) => name === variant);
    if (route === undefined) throw new Error(`there is no variant ${variant}`);
    return variant === CHAMPION ? champion : further(route);
  };
  return (event, context) =>
    isGoldenQuestion(event) ? answerGolden(model, predictorOf, event, context) : serve(event, context);
}

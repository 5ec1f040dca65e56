import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { ulid } from 'ulid';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { sageMakerQueue } from '../asynchronous/invoker.ts';
import { dynamoDbOutcomes } from '../asynchronous/outcome-store.ts';
import { s3Payloads } from '../asynchronous/payloads.ts';
import { callbackRule } from '../callbacks/callback-rule.ts';
import { readEnvironment } from '../environment.ts';
import { apiHandler } from '../http/handler.ts';
import { codecNamed } from '../predictors/codec.ts';
import { submit } from '../submission/submit.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { variantQueues } from '../variants/variant-queues.ts';
import { type GoldenQuestion, type GoldenReply, isGoldenQuestion } from '../verification/golden-question.ts';
import { submitGolden } from '../verification/golden-submission.ts';

type SubmitHandler = (
  event: APIGatewayProxyEvent | GoldenQuestion,
  context: Context,
) => Promise<APIGatewayProxyResult | GoldenReply>;

/**
 * The function behind `POST /predictions` of an asynchronous model, which a verification asks too, by itself.
 * @param uploads where a model that takes images finds those that were uploaded
 */
export function createHandler(model: ArtifactModel, uploads?: Uploads): SubmitHandler {
  const environment = readEnvironment([
    'VARIANTS',
    'SHADOWS',
    'SHADOW_BUDGET_MS',
    'TABLE_NAME',
    'RETENTION_DAYS',
    'ENDPOINT_NAME',
    'CODEC',
    'INFERENCE_BUCKET',
    'INVOCATION_TIMEOUT_SECONDS',
    'MAX_WAIT_SECONDS',
    'CALLBACK_HOSTS',
    'LOCAL_CLOUD',
  ]);
  const limits = {
    timeoutSeconds: environment.INVOCATION_TIMEOUT_SECONDS,
    maxWaitSeconds: environment.MAX_WAIT_SECONDS,
  };
  const codec = codecNamed(environment.CODEC);
  const { choose, shadows, queueOf } = variantQueues({
    model: model.name,
    championEndpointName: environment.ENDPOINT_NAME,
    variants: environment.VARIANTS,
    shadows: environment.SHADOWS,
    queueOf: (endpointName) => sageMakerQueue(endpointName, limits, codec),
  });
  const common = {
    codec,
    shadowQueues: { shadows, budgetMs: environment.SHADOW_BUDGET_MS },
    uploads,
    callbacks: callbackRule(environment),
    payloads: s3Payloads(environment.INFERENCE_BUCKET),
    outcomes: dynamoDbOutcomes(environment.TABLE_NAME),
    limits,
    retentionDays: environment.RETENTION_DAYS,
    now: Date.now,
    newId: ulid,
  };
  const serve = apiHandler((request) => {
    const { name: variant, version, invoke } = choose(request.callerKey);
    return submit({ ...common, model: { ...model, version }, variant, invoke }, request);
  });
  return (event, context) =>
    isGoldenQuestion(event)
      ? submitGolden({ ...common, model, queueOf }, event, context)
      : serve(event, context);
}

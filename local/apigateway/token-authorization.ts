import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { matchesArn } from '../core/iam/arn.ts';
import type { LambdaService } from '../lambda/service.ts';
import type { TokenAuthorizer } from './definition.ts';
import type { ProxyRequest } from './event.ts';
import { GatewayError } from './gateway-error.ts';
import { lastHeader } from './incoming.ts';
import { invokedArn } from './invoked-arn.ts';

type Request = Pick<ProxyRequest, 'incoming' | 'stage'>;

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** What an authorizer has to answer (API Gateway developer guide, "Output from an API Gateway Lambda authorizer"). */
const answerSchema = z.looseObject({
  principalId: z.string(),
  policyDocument: z.looseObject({
    Statement: z.array(z.looseObject({ Effect: z.enum(['Allow', 'Deny']), Action: texts, Resource: texts })),
  }),
});

type Policy = z.output<typeof answerSchema>['policyDocument'];

/** Asks Lambda authorizers of type TOKEN, and keeps their answers for as long as they say. */
export class TokenAuthorization {
  readonly #lambda: LambdaService;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly policy: Policy; readonly until: number }>();

  constructor(lambda: LambdaService, clock: Clock) {
    this.#lambda = lambda;
    this.#clock = clock;
  }

  /** @throws {GatewayError} as API Gateway refuses a request without a token, or whose policy does not allow it */
  async authorize(authorizer: TokenAuthorizer, request: Request): Promise<void> {
    const token = lastHeader(request.incoming.headers, authorizer.header);
    if (token === undefined || authorizer.validation?.test(token) === false) {
      throw new GatewayError('UNAUTHORIZED', { reason: 'there is no token, or it does not have the form' });
    }
    const policy = await this.#policy(authorizer, token, request);
    if (!allows(policy, invokedArn(request))) {
      throw new GatewayError('ACCESS_DENIED', {
        message: 'User is not authorized to access this resource',
        reason: `the authorizer's policy does not allow ${invokedArn(request)}`,
      });
    }
  }

  async #policy(authorizer: TokenAuthorizer, token: string, request: Request): Promise<Policy> {
    const key = JSON.stringify([authorizer.id, token]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#clock.now()) return kept.policy;
    const policy = await this.#ask(authorizer, token, request);
    const until = this.#clock.now() + authorizer.resultTtlSeconds * 1000;
    this.#forgetExpired();
    this.#kept.set(key, { policy, until });
    return policy;
  }

  async #ask({ id, functionArn }: TokenAuthorizer, token: string, request: Request): Promise<Policy> {
    const { region, accountId, api } = request.stage;
    const source = `arn:aws:execute-api:${region}:${accountId}:${api.id}/authorizers/${id}`;
    if (!this.#lambda.permits(functionArn, 'apigateway.amazonaws.com', source)) {
      const reason = `no AWS::Lambda::Permission lets the authorizer ${source} invoke ${functionArn}`;
      throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR', { reason });
    }
    const event = { type: 'TOKEN', authorizationToken: token, methodArn: invokedArn(request) };
    const { payload, functionError } = await this.#lambda.invoke(functionArn, event, { from: 'apigateway' });
    if (functionError !== undefined) {
      // The one error that means the caller and not the authorizer.
      const { errorMessage } = z.looseObject({ errorMessage: z.string().optional() }).parse(payload);
      if (errorMessage === 'Unauthorized') throw new GatewayError('UNAUTHORIZED', { reason: errorMessage });
      throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR', {
        reason: `the authorizer failed: ${JSON.stringify(payload)}`,
      });
    }
    const answer = answerSchema.safeParse(payload);
    if (answer.success) return answer.data.policyDocument;
    throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR', { reason: z.prettifyError(answer.error) });
  }

  #forgetExpired(): void {
    for (const [key, { until }] of this.#kept) if (until <= this.#clock.now()) this.#kept.delete(key);
  }
}

/** Whether a policy allows a call: something allows it, and nothing denies it. */
function allows({ Statement }: Policy, arn: string): boolean {
  const about = Statement.filter(
    ({ Action, Resource }) =>
      Action.some((action) => matchesArn(action, 'execute-api:Invoke')) &&
      Resource.some((resource) => matchesArn(resource, arn)),
  );
  return about.some(({ Effect }) => Effect === 'Allow') && !about.some(({ Effect }) => Effect === 'Deny');
}

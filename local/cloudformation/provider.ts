import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import { parseJson } from '../core/wire/parse-json.ts';
import type { InvokeResult } from '../lambda/service.ts';
import type { CustomResource } from './custom-resource.ts';

/** A custom resource could not be made, changed or deleted; the message holds its provider's reason. */
export class CustomResourceFailed extends Error {
  override readonly name = 'CustomResourceFailed';
}

export type Request =
  | { readonly kind: 'Create' | 'Delete'; readonly resource: CustomResource }
  | { readonly kind: 'Update'; readonly resource: CustomResource; readonly before: CustomResource };

/** CloudFormation takes no longer answer (user guide, "Custom resource response objects"). */
const ANSWER_LIMIT_BYTES = 4096;

const answerSchema = z.looseObject({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().optional(),
  PhysicalResourceId: z.string().min(1),
});

/**
 * Asks the functions that provide custom resources, as CloudFormation does: by an event, and an address that the answer is
 * put to. One that passes its work on and ends before it has answered is not emulated.
 */
export class Providers {
  readonly #cloud: LocalCloud;
  readonly #physicalIds: Map<string, string>;

  /** @param physicalIds what providers call their resources, by key; kept over deployments */
  constructor(cloud: LocalCloud, physicalIds: Map<string, string>) {
    this.#cloud = cloud;
    this.#physicalIds = physicalIds;
  }

  /** @throws {CustomResourceFailed} where the provider says so, or does not answer as it should */
  async ask(request: Request): Promise<void> {
    const { resource } = request;
    const { lambda } = this.#cloud.services;
    if (lambda === undefined) throw new Error(`${resource.path}: no function can be asked here`);
    const callback = this.#cloud.callback();
    try {
      const invoked = lambda.invoke(resource.serviceToken, this.#event(request, callback.url));
      const outcome = await Promise.race([callback.answer, invoked]);
      if (typeof outcome !== 'string') throw unanswered(resource, outcome);
      this.#take(resource, outcome);
      // Its process writes its log to the end before the next one is asked.
      await invoked;
      // It is asked once in a deployment.
      lambda.release(resource.serviceToken);
    } finally {
      callback.close();
    }
  }

  #event(request: Request, url: string): object {
    const { kind, resource } = request;
    const physicalId = this.#physicalIds.get(resource.key);
    const { region, accountId } = this.#cloud;
    return {
      RequestType: kind,
      ServiceToken: resource.serviceToken,
      ResponseURL: url,
      StackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${resource.stack}/local`,
      RequestId: randomUUID(),
      LogicalResourceId: resource.logicalId,
      ResourceType: resource.type,
      ResourceProperties: resource.properties,
      ...(kind === 'Update' && { OldResourceProperties: request.before.properties }),
      ...(kind !== 'Create' && { PhysicalResourceId: physicalId ?? resource.logicalId }),
    };
  }

  #take(resource: CustomResource, text: string): void {
    const fail = (reason: string) => new CustomResourceFailed(`${resource.path}: ${reason}`);
    const bytes = Buffer.byteLength(text);
    if (bytes > ANSWER_LIMIT_BYTES)
      throw fail(`its provider's answer has ${bytes} bytes, of at most ${ANSWER_LIMIT_BYTES}`);
    const parsed = answerSchema.safeParse(parseJson(text));
    if (!parsed.success) throw fail(`its provider's answer is not one: ${z.prettifyError(parsed.error)}`);
    const { Status, Reason = 'its provider gives no reason', PhysicalResourceId } = parsed.data;
    this.#physicalIds.set(resource.key, PhysicalResourceId);
    if (Status === 'FAILED') throw fail(Reason);
  }
}

function unanswered({ path }: CustomResource, { functionError, payload }: InvokeResult): Error {
  const { errorMessage = '' } = (payload ?? {}) as { readonly errorMessage?: string };
  const why = functionError === undefined ? '' : `: ${errorMessage}`;
  return new CustomResourceFailed(`${path}: its provider ended without an answer${why}`);
}

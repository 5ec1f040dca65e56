import { setTimeout as pause } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { logger } from '../observability.ts';

/** What is kept back of the function's time for telling CloudFormation, in milliseconds. */
const ANSWER_RESERVE_MS = 15_000;

/**
 * CloudFormation takes an answer of 4,096 bytes (CloudFormation user guide, "Custom resource response objects"); what
 * stands beside the reason takes less than a quarter of it.
 */
const REASON_LIMIT_BYTES = 2500;

/** What a check gets to say what it was waiting for once its time is over, in milliseconds. */
const GRACE_MS = 1000;

/** How often an answer is sent, and how long the breaks in between are, in milliseconds. */
const DELIVERIES = 4;
const DELIVERY_BREAK_MS = 1000;

/** How long one delivery may take, in milliseconds: all of them fit into what is kept back, with what the grace leaves of it. */
const DELIVERY_TIMEOUT_MS =
  (ANSWER_RESERVE_MS - GRACE_MS - (DELIVERIES - 1) * DELIVERY_BREAK_MS) / DELIVERIES;

/** What CloudFormation is told about a custom resource. */
export interface CustomResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** Sends an answer to where CloudFormation waits for it. @throws where it can't be delivered */
export type Deliver = (url: string, answer: CustomResourceAnswer) => Promise<void>;

export type CustomResourceHandler = (
  event: CloudFormationCustomResourceEvent,
  context: Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>,
) => Promise<void>;

/**
 * A custom resource that checks something when it is created or updated, and has nothing to delete. It always answers: a
 * check that has not come to its end a few seconds before the function's does is a failed one. Without an answer,
 * CloudFormation would wait for an hour.
 * @param check throws the reason of a failure; its signal aborts when its time is over
 */
export function customResource(
  check: (properties: unknown, signal: AbortSignal) => Promise<void>,
  deliver: Deliver = deliveryWithin(DELIVERY_TIMEOUT_MS),
): CustomResourceHandler {
  return async (event, context) => {
    const timeMs = Math.max(0, context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS);
    const reason =
      event.RequestType === 'Delete' ? undefined : await failure(check, event.ResourceProperties, timeMs);
    if (reason !== undefined) logger.error('verification failed', { reason });
    await deliver(event.ResponseURL, {
      Status: reason === undefined ? 'SUCCESS' : 'FAILED',
      Reason: shortened(reason ?? ''),
      // The same for the life of the resource: another one would make CloudFormation delete the first.
      PhysicalResourceId:
        'PhysicalResourceId' in event ? event.PhysicalResourceId : `checked-${event.LogicalResourceId}`,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
    });
  };
}

/** Why a check failed; undefined where it did not. */
async function failure(
  check: (properties: unknown, signal: AbortSignal) => Promise<void>,
  properties: unknown,
  timeMs: number,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error('The verification did not come to an end in time.');
    timer = setTimeout(() => reject(error), timeMs + GRACE_MS);
  });
  try {
    await Promise.race([check(properties, AbortSignal.timeout(timeMs)), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Puts the answer, several times if need be. An address that takes the connection and says nothing costs one delivery, and
 * not the time of all others.
 */
export function deliveryWithin(timeoutMs: number, breakMs = DELIVERY_BREAK_MS): Deliver {
  return async (url, answer) => {
    // The place is a presigned URL, whose signature allows no content type.
    const body = Buffer.from(JSON.stringify(answer));
    for (let delivery = 1; ; delivery += 1) {
      try {
        const { ok, status } = await fetch(url, {
          method: 'PUT',
          body,
          signal: AbortSignal.timeout(timeoutMs),
        });
        if (ok) return;
        throw new Error(`CloudFormation's address answered ${status}`);
      } catch (error) {
        if (delivery === DELIVERIES) throw error;
        logger.warn('answer not delivered', { delivery, error: error as Error });
        await pause(breakMs);
      }
    }
  };
}

function shortened(reason: string): string {
  return Buffer.from(reason).subarray(0, REASON_LIMIT_BYTES).toString('utf8');
}

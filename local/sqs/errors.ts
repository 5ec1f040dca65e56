import type { AwsResponse } from '../core/wire/aws-api.ts';
import { jsonError } from '../core/wire/wire-errors.ts';

/** Codes that differ between the JSON protocol and the older query protocol, which clients still show to people. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  AccessDeniedException: 'AccessDenied',
};

/** An error of SQS's JSON protocol, with the query protocol's code in the header that clients read it from. */
export function sqsError(status: number, code: string, message: string): AwsResponse {
  const error = jsonError(status, `com.amazonaws.sqs#${code}`, message);
  const fault = status >= 500 ? 'Receiver' : 'Sender';
  return {
    ...error,
    headers: { ...error.headers, 'x-amzn-query-error': `${QUERY_CODES[code] ?? code};${fault}` },
  };
}

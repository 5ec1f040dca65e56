import { z } from 'zod';
import type { AwsApi, AwsRequest } from '../core/wire/aws-api.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import { jsonAnswer, jsonInput, jsonOperation } from '../core/wire/json-protocol.ts';
import { jsonError } from '../core/wire/wire-errors.ts';
import type { Execution } from './execution.ts';
import { type Executions, parsed } from './executions.ts';
import { historyOf } from './history.ts';

const ofExecution = z.looseObject({ executionArn: z.string() });
const stopRequest = z.looseObject({
  executionArn: z.string(),
  error: z.string().optional(),
  cause: z.string().optional(),
});
const page = { maxResults: z.int().min(0).max(1000).default(100), nextToken: z.string().optional() };
const listRequest = z.looseObject({
  stateMachineArn: z.string(),
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT']).optional(),
  ...page,
});
const historyRequest = z.looseObject({
  executionArn: z.string(),
  reverseOrder: z.boolean().default(false),
  ...page,
});

/** The Step Functions API, as far as it is emulated: starting executions, and looking at them. */
export function createApi(executions: Executions, now: () => number): AwsApi {
  const run: Readonly<Record<string, (input: unknown) => object>> = {
    StartExecution: (input) => {
      const { arn, startedAt } = executions.start(input);
      return { executionArn: arn, startDate: seconds(startedAt) };
    },
    DescribeExecution: (input) => described(executions.find(parsed(ofExecution, input).executionArn)),
    StopExecution: (input) => {
      const { executionArn, error, cause } = parsed(stopRequest, input);
      executions.find(executionArn).stop(error, cause);
      return { stopDate: seconds(now()) };
    },
    ListExecutions: (input) => {
      const { stateMachineArn, statusFilter, ...wanted } = parsed(listRequest, input);
      const { items, nextToken } = paged(executions.list(stateMachineArn, statusFilter), wanted);
      return { executions: items.map(listed), ...nextToken };
    },
    GetExecutionHistory: (input) => {
      const { executionArn, reverseOrder, ...wanted } = parsed(historyRequest, input);
      const events = historyOf(executions.find(executionArn));
      const { items, nextToken } = paged(reverseOrder ? events.toReversed() : events, wanted);
      return { events: items, ...nextToken };
    },
  };
  const operationOf = (request: Pick<AwsRequest, 'headers'>): string | undefined => {
    const operation = jsonOperation(request, 'AWSStepFunctions') ?? '';
    return Object.hasOwn(run, operation) ? operation : undefined;
  };
  return {
    signingName: 'states',
    operation: operationOf,
    permissions: (request) => [
      { action: `states:${operationOf(request)}`, resource: arnIn(jsonInput(request)) },
    ],
    handle: async (request) => {
      const operation = run[operationOf(request) ?? ''];
      if (operation === undefined) throw new AwsError(501, 'NotImplemented', 'This is not emulated.');
      return jsonAnswer(operation(jsonInput(request)), '1.0');
    },
    error: jsonError,
  };
}

/** What a request is about. */
function arnIn(input: unknown): string {
  const { stateMachineArn, executionArn } = z
    .looseObject({ stateMachineArn: z.string().optional(), executionArn: z.string().optional() })
    .catch({})
    .parse(input);
  return stateMachineArn ?? executionArn ?? '*';
}

function listed({ arn, name, machine, status, startedAt, endedAt }: Execution): object {
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    status,
    startDate: seconds(startedAt),
    ...(endedAt !== undefined && { stopDate: seconds(endedAt) }),
  };
}

function described(execution: Execution): object {
  const { input, output, error, cause } = execution;
  return {
    ...listed(execution),
    input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

/** A part of a list; the token is the index at which the next begins. */
function paged<T>(
  all: readonly T[],
  { maxResults, nextToken }: { readonly maxResults: number; readonly nextToken?: string | undefined },
): { readonly items: readonly T[]; readonly nextToken: { readonly nextToken?: string } } {
  const from = Number(nextToken ?? 0);
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError(400, 'InvalidToken', `Invalid Token: '${nextToken}'`);
  const to = from + (maxResults === 0 ? 100 : maxResults);
  return { items: all.slice(from, to), nextToken: to < all.length ? { nextToken: String(to) } : {} };
}

/** The protocol's times. */
function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

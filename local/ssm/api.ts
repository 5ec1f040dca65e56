import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { AwsApi, AwsRequest } from '../core/wire/aws-api.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import { jsonAnswer, jsonInput, jsonOperation } from '../core/wire/json-protocol.ts';
import { jsonError } from '../core/wire/wire-errors.ts';
import { type Parameter, parameterArn } from './parameter.ts';

const OPERATIONS = ['GetParameter', 'GetParameters'] as const;

const one = z.object({ Name: z.string() });
const several = z.object({ Names: z.array(z.string()).min(1).max(10) });

/** The API of SSM, as far as it is emulated: reading the parameters of the templates. */
export function createApi(
  place: Pick<LocalCloud, 'region' | 'accountId'>,
  parameters: readonly Parameter[],
): AwsApi {
  // By name and by ARN: a caller may use either.
  const known = new Map(
    parameters.flatMap((parameter) => [parameter.Name, parameter.ARN].map((key) => [key, parameter])),
  );
  const find = (named: string): Parameter | undefined => known.get(named) ?? known.get(unversioned(named));
  const operation = (request: AwsRequest) =>
    OPERATIONS.find((name) => name === jsonOperation(request, 'AmazonSSM'));
  return {
    signingName: 'ssm',
    operation,
    error: jsonError,
    permissions: (request) =>
      namesOf(request, operation(request)).map((name) => ({
        action: `ssm:${operation(request)}`,
        resource: find(name)?.ARN ?? parameterArn(name, place),
      })),
    async handle(request) {
      const names = namesOf(request, operation(request));
      const found = names.flatMap((name) => find(name) ?? []);
      if (operation(request) === 'GetParameters') {
        const InvalidParameters = names.filter((name) => find(name) === undefined);
        return jsonAnswer({ Parameters: found, InvalidParameters }, '1.1');
      }
      const [Parameter] = found;
      if (Parameter === undefined) throw new AwsError(400, 'ParameterNotFound', '');
      return jsonAnswer({ Parameter }, '1.1');
    },
  };
}

/** A name without the version that it asks for, where that is the one there is. */
function unversioned(name: string): string {
  return name.endsWith(':1') ? name.slice(0, -2) : name;
}

/** What a request asks for. @throws {AwsError} ValidationException */
function namesOf(request: AwsRequest, operation: (typeof OPERATIONS)[number] | undefined): readonly string[] {
  const input = jsonInput(request);
  const names =
    operation === 'GetParameters'
      ? several.safeParse(input).data?.Names
      : [one.safeParse(input).data?.Name].filter((name) => name !== undefined);
  if (names === undefined || names.length === 0)
    throw new AwsError(400, 'ValidationException', 'It names no parameter, or more than ten.');
  return names;
}

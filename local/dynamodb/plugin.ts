import { join } from 'node:path';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { AdoptedService, ServicePlugin } from '../core/plugin/service-plugin.ts';
import type { AwsApi, AwsRequest } from '../core/wire/aws-api.ts';
import { jsonError } from '../core/wire/wire-errors.ts';
import { arnOf, nameOf } from '../template/naming.ts';
import type { Identity, Unidentified } from '../template/resource-types.ts';
import { Engine } from './engine.ts';
import { recordMetrics } from './metrics.ts';
import { operationOf, parseInput, permissionsOf, tablesOf } from './operations.ts';
import { type DeclaredTable, ensureTable } from './tables.ts';

const TABLE = 'AWS::DynamoDB::Table';

function identifyTable(resource: Unidentified): Identity {
  const name = nameOf(resource, 'TableName', 255);
  const arn = arnOf('dynamodb', resource, `table/${name}`);
  // Streams are not emulated, but a policy that names one must still evaluate.
  return { ref: name, attributes: { Arn: arn, StreamArn: `${arn}/stream/1970-01-01T00:00:00.000` } };
}

/** DynamoDB: dynalite behind the front door, its tables made from the templates, its data under `dynamodb/`. */
export const dynamodbPlugin: ServicePlugin = {
  name: 'dynamodb',
  resourceTypes: { [TABLE]: { support: 'emulated', identify: identifyTable } },
  async start(cloud) {
    const path = join(cloud.dataDir, 'dynamodb');
    const engine = await Engine.start({
      path,
      region: cloud.region,
      accountId: cloud.accountId,
      log: cloud.log,
    });
    try {
      return await serve(cloud, engine, path);
    } catch (error) {
      await engine.close();
      throw error;
    }
  },
};

/** Makes the tables of a deployment, and serves them together with those that were there. */
async function serve(cloud: LocalCloud, engine: Engine, path: string): Promise<AdoptedService> {
  const tables: DeclaredTable[] = [];
  const abandon = async (): Promise<void> => {
    for (const { name, isNew } of tables)
      if (isNew) await engine.call('DeleteTable', JSON.stringify({ TableName: name }));
  };
  try {
    for (const resource of cloud.resources(TABLE)) tables.push(await ensureTable(engine, resource, path));
  } catch (error) {
    await abandon();
    throw error;
  }
  return {
    api: createApi(cloud, engine, tables),
    adopt: (next) => serve(next, engine, path),
    abandon,
    close: () => engine.close(),
  };
}

function createApi(cloud: LocalCloud, engine: Engine, tables: readonly DeclaredTable[]): AwsApi {
  const expiring = new Map(tables.map((table) => [table.name, table.timeToLiveAttribute]));
  const tableArn = (name: string): string =>
    `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/${name}`;
  const operation = (request: AwsRequest): string | undefined => operationOf(request.headers['x-amz-target']);
  return {
    signingName: 'dynamodb',
    operation,
    permissions: (request) => permissionsOf(operation(request) ?? '', parseInput(request.body), tableArn),
    error: (status, code, message) => {
      const namespace = status >= 500 ? 'com.amazonaws.dynamodb.v20120810' : 'com.amazon.coral.service';
      return jsonError(status, `${namespace}#${code}`, message);
    },
    handle: async (request) => {
      const called = operation(request) ?? '';
      const answer = await engine.call(called, request.body);
      const body =
        called === 'DescribeTimeToLive' && answer.status === 200
          ? describeTimeToLive(expiring.get(parseInput(request.body).TableName ?? ''))
          : answer.body;
      return { status: answer.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
    },
    record: (request, response, elapsedMs) => {
      const called = operation(request);
      if (called === undefined) return;
      const touched = readTables(request);
      recordMetrics(
        cloud.metrics,
        { operation: called, tables: touched },
        response,
        elapsedMs,
        cloud.clock.now(),
      );
    },
  };
}

/** Expired items stay on a laptop, as they may for days on AWS; what the template says is still answered. */
function describeTimeToLive(attribute: string | undefined): string {
  const description =
    attribute === undefined
      ? { TimeToLiveStatus: 'DISABLED' }
      : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute };
  return JSON.stringify({ TimeToLiveDescription: description });
}

function readTables(request: AwsRequest): readonly string[] {
  try {
    return tablesOf(parseInput(request.body));
  } catch {
    // The caller already has the error that says so; there is no table to count it for.
    return [];
  }
}

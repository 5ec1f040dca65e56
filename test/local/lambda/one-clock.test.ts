import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiGatewayPlugin } from '../../../local/apigateway/plugin.ts';
import { dynamodbPlugin } from '../../../local/dynamodb/plugin.ts';
import { lambdaPlugin } from '../../../local/lambda/plugin.ts';
import { ShiftedClock } from '../core/support/shifted-clock.ts';
import { type Fixture, functionArn, inlineFunction, startFixture } from './fixture.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Says in each way what time it is, measures by the embedded metric format, and calls DynamoDB as an SDK would. */
const HANDLER = `
  const timestamp = Date.now();
  console.log(JSON.stringify({ _aws: { Timestamp: timestamp, CloudWatchMetrics: [{ Namespace: 'Test', Dimensions: [[]], Metrics: [{ Name: 'Seen' }] }] }, Seen: 1 }));
  const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/dynamodb/aws4_request';
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.DescribeTable', authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=0' },
    body: JSON.stringify({ TableName: 'times' }),
  });
  const times = {
    now: timestamp,
    constructed: new Date().getTime(),
    called: Date.parse(Date()),
    told: Date.parse(answer.headers.get('date')),
    remaining: context.getRemainingTimeInMillis(),
    given: [new Date(5).getTime(), new Date(2026, 0).getFullYear(), Date.UTC(2026, 0), new Date() instanceof Date, new Date().constructor === Date],
  };
  return { statusCode: answer.status, body: JSON.stringify(times) };
`;

const clock = new ShiftedClock();
let fixture: Fixture;
let url: string;

beforeAll(async () => {
  fixture = await startFixture(
    (stack) => {
      const fn = inlineFunction(stack, 'clerk', HANDLER);
      inlineFunction(stack, 'loader', '', {
        code: Code.fromInline(
          'const at = Date.now(); const argv = process.argv.slice(2); exports.handler = async () => ({ at, argv })',
        ),
      });
      const table = new Table(stack, 'Times', {
        tableName: 'times',
        partitionKey: { name: 'id', type: AttributeType.STRING },
      });
      table.grant(fn, 'dynamodb:DescribeTable');
      const api = new RestApi(stack, 'Api', {
        restApiName: 'clock-api',
        deployOptions: { stageName: 'time' },
      });
      api.root.addMethod('GET', new LambdaIntegration(fn));
    },
    { plugins: [dynamodbPlugin, lambdaPlugin, apiGatewayPlugin], clock },
  );
  url = `${fixture.services.apigateway?.url}/time/`;
});
afterAll(() => fixture.close());

/** Puts the clock forward, to somewhere well within a minute. */
function putForward(ms: number): void {
  clock.shift(ms);
  clock.shift(MINUTE_MS - (clock.now() % MINUTE_MS) + 10_000);
}

async function ask() {
  const before = clock.now();
  const response = await fetch(url);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${body}`);
  return {
    before,
    after: clock.now(),
    date: Date.parse(response.headers.get('date') ?? ''),
    times: JSON.parse(body),
  };
}

describe('a clock that is put forward by an hour', () => {
  it.each(['before the function has started', 'while its process waits for more'])(
    'is what every metric of a request goes by: %s',
    async () => {
      putForward(HOUR_MS);
      fixture.recorded.data.length = 0;
      const { before } = await ask();
      // The embedded metric is read from the function's output, which may come a moment after its answer.
      await expect.poll(() => fixture.recorded.of('Test', 'Seen', {}).length).toBe(1);

      const { data } = fixture.recorded;
      expect([...new Set(data.map(({ namespace }) => namespace))].sort()).toEqual([
        'AWS/ApiGateway',
        'AWS/DynamoDB',
        'AWS/Lambda',
        'Test',
      ]);
      expect([...new Set(data.map(({ timestamp }) => Math.floor(timestamp / MINUTE_MS)))]).toEqual([
        Math.floor(before / MINUTE_MS),
      ]);
    },
  );

  it('is what the function takes for the time, and what the gateway and the services tell', async () => {
    putForward(HOUR_MS);
    const { before, after, date, times } = await ask();

    for (const time of [times.now, times.constructed]) {
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(after);
    }
    // Whole seconds.
    for (const time of [times.called, times.told, date]) {
      expect(time).toBeGreaterThan(before - 1000);
      expect(time).toBeLessThanOrEqual(after);
    }
    expect(times.remaining).toBeGreaterThan(3000);
    expect(times.remaining).toBeLessThanOrEqual(5000);
    expect(times.given).toEqual([5, 2026, Date.UTC(2026, 0), true, true]);
  });

  it('is what a function goes by while it is loaded, which sees nothing of how', async () => {
    putForward(HOUR_MS);
    const before = clock.now();
    const { payload } = await fixture.lambda.invoke(functionArn('loader'), {});
    const { at, argv } = payload as { at: number; argv: string[] };

    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(clock.now());
    expect(argv).toEqual([]);
  });

  it('is what the log of the function goes by', async () => {
    putForward(HOUR_MS);
    const { before } = await ask();
    const minute = new Date(before).toISOString().slice(0, 16);

    await expect.poll(() => fixture.logOf('/aws/lambda/clerk')).toContain(`${minute}:`);
  });
});

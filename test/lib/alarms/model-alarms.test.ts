import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ALARM_KINDS,
  ASYNCHRONOUS_ALARM_KINDS,
  BATCH_ALARM_KINDS,
  CALLBACK_ALARM_KINDS,
} from '../../../lib/alarms/catalogue/alarm-declaration.ts';
import { DEV, WITH_DATADOG } from '../support/environments.ts';
import { artifactModel, deploymentOf, SERVERLESS } from '../support/models.ts';
import { flat, only, resourcesOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const RUNBOOKS = join(import.meta.dirname, '../../../docs/runbooks');

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly TreatMissingData: string;
  readonly ComparisonOperator: string;
}

let stack: Synthesized;
let alarms: readonly Alarm[];
beforeAll(async () => {
  stack = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), DEV);
  alarms = resourcesOf(stack.model, 'AWS::CloudWatch::Alarm').map(
    ({ Properties }) => Properties as unknown as Alarm,
  );
});

describe('the CloudWatch alarms', () => {
  it('have names that an on-call engineer can read', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName)).toContain(
      'furrow-dev-learned-yield-function-errors-predict',
    );
    expect(alarms).toHaveLength(2 + 2 * 6 + 3 + 5);
  });

  it('take having no data for being well, and fire above their threshold', () => {
    expect(new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))).toEqual(
      new Set(['notBreaching']),
    );
    expect(new Set(alarms.map(({ ComparisonOperator }) => ComparisonOperator))).toEqual(
      new Set(['GreaterThanThreshold']),
    );
  });

  it('tell the topic of their severity when they fire and when it is over', () => {
    const topicOf = (id: string) => {
      const alarm = alarms.find(({ AlarmName }) => AlarmName === `furrow-dev-learned-yield-${id}`);
      return [alarm?.AlarmActions.map(flat), alarm?.OKActions.map(flat)];
    };
    const topic = (severity: string) => [
      `arn:{AWS::Partition}:sns:{AWS::Region}:{AWS::AccountId}:furrow-dev-${severity}`,
    ];

    expect(topicOf('api-5xx-rate')).toEqual([topic('page'), topic('page')]);
    expect(topicOf('api-latency-p95')).toEqual([topic('ticket'), topic('ticket')]);
  });

  it('say what to do first, and where the runbook is', () => {
    for (const { AlarmName, AlarmDescription } of alarms) {
      const [, kind = ''] =
        /Runbook: https:\/\/runbooks\.example\/pages\/([\w-]+)\.md$/.exec(AlarmDescription) ?? [];
      expect(AlarmName).toContain(`learned-yield-${kind}`);
      expect(AlarmDescription).toMatch(/^.+\. .+\. Runbook: /);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  it('add up metrics where AWS counts in parts', () => {
    stack.model.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'furrow-dev-learned-yield-table-system-errors',
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'SUM([m0, m1, m2, m3])' })]),
    });
  });

  it('fire on two of three periods of a rate, so that one bad moment wakes nobody', () => {
    stack.model.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'furrow-dev-learned-yield-api-5xx-rate',
      Period: 300,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 0.05,
      Statistic: 'Average',
    });
  });
});

describe('the dashboard', () => {
  it('shows every alarm, and every kind of signal with its threshold', () => {
    const body = JSON.parse(
      flat(only(stack.model, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody),
    ) as {
      readonly widgets: readonly {
        readonly type: string;
        readonly properties: {
          readonly title?: string;
          readonly alarms?: readonly string[];
          readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
        };
      }[];
    };
    const graphs = body.widgets.filter(({ type }) => type === 'metric');

    expect(body.widgets.find(({ type }) => type === 'alarm')?.properties.alarms).toHaveLength(alarms.length);
    const others: readonly string[] = [
      ...ASYNCHRONOUS_ALARM_KINDS,
      ...CALLBACK_ALARM_KINDS,
      ...BATCH_ALARM_KINDS,
    ];
    expect(graphs.map(({ properties }) => properties.title)).toEqual(
      ALARM_KINDS.filter((kind) => !others.includes(kind)),
    );
    expect(graphs[0]?.properties.annotations?.horizontal.map(({ value }) => value)).toEqual([0.05]);
  });
});

describe('the runbooks', () => {
  it('are one page for each kind of alarm', () => {
    const pages = readdirSync(RUNBOOKS).filter((file) => file !== 'README.md');

    expect(pages.sort()).toEqual(ALARM_KINDS.map((kind) => `${kind}.md`).sort());
  });

  it.each(ALARM_KINDS)('%s says what it means, where to look and what to do', (kind) => {
    const page = readFileSync(join(RUNBOOKS, `${kind}.md`), 'utf8');

    expect(page.match(/^#+ .+$/gm)).toEqual([
      `# ${kind}`,
      '## What it means',
      '## Look first',
      '## What to do',
    ]);
  });

  it('have no link that leads nowhere', () => {
    const broken = readdirSync(RUNBOOKS).flatMap((file) =>
      [...readFileSync(join(RUNBOOKS, file), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(RUNBOOKS, target)))
        .map((target) => `${file}: ${target}`),
    );

    expect(broken).toEqual([]);
  });
});

describe('with Datadog on', () => {
  let datadog: Synthesized;
  beforeAll(async () => {
    datadog = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), WITH_DATADOG);
  });

  it('every CloudWatch alarm has a monitor of the same name', () => {
    const names = (type: string, property: string) =>
      resourcesOf(datadog.model, type)
        .map(({ Properties }) => Properties[property])
        .sort();

    expect(names('Datadog::Monitors::Monitor', 'Name')).toEqual(names('AWS::CloudWatch::Alarm', 'AlarmName'));
  });

  it.each([
    [
      'api-5xx-rate',
      '2 of 3 periods of 5 minutes above the share',
      'sum(last_15m):default_zero(cutoff_min(sum:aws.apigateway.5xxerror{apiname:furrow-dev-learned-yield,stage:learned-yield}.rollup(sum, 300) / sum:aws.apigateway.count{apiname:furrow-dev-learned-yield,stage:learned-yield}.rollup(sum, 300), 0.05) / cutoff_min(sum:aws.apigateway.5xxerror{apiname:furrow-dev-learned-yield,stage:learned-yield}.rollup(sum, 300) / sum:aws.apigateway.count{apiname:furrow-dev-learned-yield,stage:learned-yield}.rollup(sum, 300), 0.05)) >= 2',
      2,
    ],
    [
      'api-latency-p95',
      'each of 3 periods of 5 minutes above the objective',
      'min(last_15m):default_zero(max:aws.apigateway.latency.p95{apiname:furrow-dev-learned-yield,stage:learned-yield}.rollup(avg, 300).fill(null)) > 800',
      800,
    ],
    [
      'capture-lost',
      'anything at all in 5 minutes',
      'sum(last_5m):default_zero(sum:furrow.capture_lost{environment:dev,service:learned-yield}.as_count()) > 0',
      0,
    ],
  ])('%s asks Datadog for %s', (id, _, query, critical) => {
    datadog.model.hasResourceProperties('Datadog::Monitors::Monitor', {
      Name: `furrow-dev-learned-yield-${id}`,
      Type: 'query alert',
      Query: query,
      Options: Match.objectLike({ Thresholds: { Critical: critical } }),
    });
  });

  it('monitors notify whom the environment names, and say where the runbook is', () => {
    datadog.model.hasResourceProperties('Datadog::Monitors::Monitor', {
      Name: 'furrow-dev-learned-yield-capture-lost',
      Priority: 1,
      Message: Match.stringLikeRegexp(
        'Runbook: https://runbooks.example/pages/capture-lost.md\n@pagerduty-models$',
      ),
      Options: { Thresholds: { Critical: 0 }, NotifyNoData: false },
    });
  });
});

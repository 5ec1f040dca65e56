import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment, Severity } from '../environment.ts';
import { alarmName, modelStackName, topicName } from '../names.ts';
import type { AlarmDeclaration, AlarmKind } from './catalogue/alarm-declaration.ts';
import { cloudWatchAlarm } from './render/cloudwatch-alarm.ts';
import { modelDashboard } from './render/dashboard.ts';
import { datadogMonitor } from './render/datadog-monitor.ts';

export interface ModelAlarmsProps {
  readonly environment: Environment;
  readonly model: string;
  readonly title: string;
  readonly declarations: readonly AlarmDeclaration[];
}

/** Everything that is made from a model's alarm declarations. */
export class ModelAlarms extends Construct {
  readonly #alarms = new Map<string, Alarm>();

  constructor(scope: Construct, id: string, props: ModelAlarmsProps) {
    super(scope, id);
    const { environment, model, declarations } = props;
    const topics: Record<Severity, ITopic> = {
      page: this.#topic(environment.name, 'page'),
      ticket: this.#topic(environment.name, 'ticket'),
    };
    const runbookUrl = (kind: AlarmKind) => `${environment.runbookBaseUrl}/${kind}.md`;
    const made = declarations.map((declaration) => {
      const common = {
        declaration,
        name: alarmName(environment.name, model, declaration.id),
        runbookUrl: runbookUrl(declaration.kind),
      };
      const alarm = cloudWatchAlarm(this, { ...common, topic: topics[declaration.severity] });
      this.#alarms.set(declaration.id, alarm);
      if (environment.datadog !== undefined) {
        datadogMonitor(this, {
          ...common,
          environment: environment.name,
          model,
          datadog: environment.datadog,
        });
      }
      return { declaration, alarm };
    });
    modelDashboard(this, 'Dashboard', {
      name: modelStackName(environment.name, model),
      title: `${props.title} (${environment.name})`,
      alarms: made,
      runbookUrl,
    });
  }

  /** The CloudWatch alarm of one declaration. */
  alarm(id: string): Alarm | undefined {
    return this.#alarms.get(id);
  }

  /** By its name, not by an export: a model's stack must never keep the shared stack from changing. */
  #topic(environment: string, severity: Severity): ITopic {
    const arn = Stack.of(this).formatArn({ service: 'sns', resource: topicName(environment, severity) });
    return Topic.fromTopicArn(this, `${severity}-topic`, arn);
  }
}

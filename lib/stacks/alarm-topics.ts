import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Environment, SEVERITIES, type Severity } from '../environment.ts';
import { topicName } from '../names.ts';
import type { DataKey } from '../security/data-key.ts';

const TITLES: Readonly<Record<Severity, string>> = {
  page: 'Furrow: somebody has to act now',
  ticket: 'Furrow: somebody has to act in working hours',
};

export interface AlarmTopicsProps {
  readonly environment: Environment;
  /** @default - topics are not encrypted at rest */
  readonly key?: DataKey | undefined;
}

/**
 * The topics that alarms notify, one for each severity. They are never encrypted with the key that AWS manages for SNS:
 * CloudWatch may not use it, and alarms would go unheard.
 */
export class AlarmTopics extends Construct {
  constructor(scope: Construct, id: string, { environment, key }: AlarmTopicsProps) {
    super(scope, id);
    key?.letAlarmsUse();
    for (const severity of SEVERITIES) {
      const topic = new Topic(this, severity, {
        topicName: topicName(environment.name, severity),
        displayName: TITLES[severity],
        enforceSSL: true,
        ...(key === undefined ? {} : { masterKey: key.key }),
      });
      // A policy of its own replaces SNS's default, so CloudWatch has to be let in: for this account's alarms only.
      topic.addToResourcePolicy(
        new PolicyStatement({
          sid: 'AlarmsOfThisAccount',
          effect: Effect.ALLOW,
          principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
        }),
      );
      if (environment.alarmEmails[severity].length === 0 && environment.terminationProtection) {
        Annotations.of(this).addWarningV2(
          `furrow:no-recipients-${severity}`,
          `Alarms of severity "${severity}" in ${environment.name} reach nobody. Add addresses to alarmEmails in bin/environments.ts, or subscribe something else to the topic ${topicName(environment.name, severity)}.`,
        );
      }
      for (const address of environment.alarmEmails[severity]) {
        topic.addSubscription(new EmailSubscription(address));
      }
    }
  }
}

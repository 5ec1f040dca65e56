import { beforeAll, describe, expect, it } from 'vitest';
import { CALLBACK_ATTEMPTS, callbackWaitSeconds } from '../../../contract/api/callbacks.ts';
import { FUNCTION_SPECS } from '../../../lib/features/functions.ts';
import { DEV, PROD } from '../support/environments.ts';
import { ASYNCHRONOUS, artifactModel, CALLBACKS, deploymentOf } from '../support/models.ts';
import {
  actionsOf,
  flat,
  functionNamed,
  resourcesOf,
  roleOf,
  statementsOf,
  type TemplateResource,
} from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

let calling: Synthesized;
let silent: Synthesized;
beforeAll(async () => {
  calling = await synthesizeModel(
    artifactModel,
    deploymentOf({ ...ASYNCHRONOUS, callbacks: CALLBACKS }),
    PROD,
  );
  silent = await synthesizeModel(artifactModel, deploymentOf(ASYNCHRONOUS), DEV);
});

function queueWith(idPart: string): TemplateResource {
  const [found, ...others] = resourcesOf(calling.model, 'AWS::SQS::Queue').filter(({ logicalId }) =>
    logicalId.startsWith(idPart),
  );
  if (found === undefined || others.length > 0) throw new Error(`not one queue ${idPart}`);
  return found;
}

const variables = ({ model }: Synthesized, name: string) =>
  (functionNamed(model, name).Properties.Environment as { Variables: Record<string, unknown> }).Variables;
const statements = ({ model }: Synthesized, name: string) =>
  statementsOf(model, roleOf(functionNamed(model, name)));
const targetsOf = (name: string, action: string) =>
  statements(calling, name)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => [Resource].flat().map(flat));

describe('the queue of callbacks', () => {
  it('gives a callback up after the attempts that its waits are made for', () => {
    const waiting = queueWith('CallbacksQueue');

    expect(waiting.Properties).toMatchObject({
      VisibilityTimeout: 6 * FUNCTION_SPECS.notify.timeoutSeconds,
      RedrivePolicy: { maxReceiveCount: CALLBACK_ATTEMPTS },
      KmsMasterKeyId: expect.anything(),
    });
    const hours = Array.from({ length: CALLBACK_ATTEMPTS - 1 }, (_, index) => callbackWaitSeconds(index + 1));
    expect(hours.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(
      Number(waiting.Properties.MessageRetentionPeriod),
    );
  });

  it('has an alarm for what nobody took', () => {
    calling.model.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'furrow-prod-learned-yield-callback-dlq-not-empty',
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': [queueWith('CallbacksDeadLetters').logicalId, 'QueueName'] },
        },
      ],
    });
  });

  it('feeds the function that calls back, which gets again only what is left', () => {
    calling.model.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [queueWith('CallbacksQueue').logicalId, 'Arn'] },
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

describe('the functions of a model that calls back', () => {
  const queue = () => `{${queueWith('CallbacksQueue').logicalId}.Arn}`;

  it('work its queue off, and do nothing else', () => {
    const actions = actionsOf(statements(calling, 'notify')).filter((one) => !/^(logs|xray):/.test(one));

    expect(actions).toEqual([
      'kms:Decrypt',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ]);
    expect(targetsOf('notify', 'sqs:ReceiveMessage')).toEqual([queue()]);
    expect(targetsOf('notify', 'sqs:ChangeMessageVisibility')).toEqual([queue()]);
  });

  it('put callbacks into it when predictions are complete, and nobody else does', () => {
    const senders = ['predict', 'get-prediction', 'feedback', 'health', 'describe', 'drain', 'notify'];

    expect(targetsOf('complete', 'sqs:SendMessage')).toEqual([queue()]);
    expect(targetsOf('complete', 'dynamodb:GetItem')).toHaveLength(1);
    expect(senders.flatMap((name) => targetsOf(name, 'sqs:SendMessage'))).toEqual([]);
  });

  it('use the key of the stack through the queue', () => {
    const through = (name: string) =>
      statements(calling, name)
        .filter(({ Action }) => [Action].flat().includes('kms:Decrypt'))
        .map(({ Condition }) => JSON.stringify(Condition));

    expect(through('notify')).toEqual([expect.stringContaining('"sqs."')]);
    expect(through('complete').join()).toContain('"sqs."');
    expect(targetsOf('complete', 'kms:GenerateDataKey').length).toBeGreaterThan(0);
  });

  it('know the hosts where URLs are checked or told, and the queue where it is used', () => {
    const told = JSON.stringify(CALLBACKS.hosts);
    const url = { Ref: queueWith('CallbacksQueue').logicalId };

    expect(variables(calling, 'predict').CALLBACK_HOSTS).toBe(told);
    expect(variables(calling, 'describe').CALLBACK_HOSTS).toBe(told);
    expect(variables(calling, 'notify')).toMatchObject({ CALLBACK_HOSTS: told, CALLBACK_QUEUE_URL: url });
    expect(variables(calling, 'complete').CALLBACK_QUEUE_URL).toEqual(url);
    expect(variables(calling, 'complete')).not.toHaveProperty('CALLBACK_HOSTS');
    expect(variables(calling, 'predict')).not.toHaveProperty('CALLBACK_QUEUE_URL');
  });
});

describe('a model that does not call back', () => {
  it('has nothing of it', () => {
    const template = JSON.stringify(silent.model.toJSON());

    expect(template).not.toMatch(/callback/i);
    expect(() => functionNamed(silent.model, 'notify')).toThrow();
    expect(actionsOf(statements(silent, 'complete'))).not.toContain('sqs:SendMessage');
    expect(actionsOf(statements(silent, 'complete'))).not.toContain('dynamodb:GetItem');
  });
});

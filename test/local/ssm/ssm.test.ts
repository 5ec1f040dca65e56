import {
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { CfnOutput } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { beforeAll, describe, expect, it } from 'vitest';
import { ssmPlugin } from '../../../local/ssm/plugin.ts';
import { clientConfig, startCloud, type TestCloud } from '../core/support/clouds.ts';
import { ManualClock } from '../core/support/manual-clock.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';

const assemblyDir = synthesizeStack((stack) => {
  const field = new StringParameter(stack, 'Field', { parameterName: '/farm/field', stringValue: 'north' });
  const crops = new StringListParameter(stack, 'Crops', { stringListValue: ['barley', 'oats'] });
  new CfnOutput(stack, 'FieldValue', { value: field.stringValue });
  new CfnOutput(stack, 'CropsName', { value: crops.parameterName });
  const reader = new Role(stack, 'Reader', {
    roleName: 'reader',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  field.grantRead(reader);
});
const clock = new ManualClock();
const FIELD_ARN = 'arn:aws:ssm:us-east-1:000000000000:parameter/farm/field';

let cloud: TestCloud;
let client: SSMClient;
let crops: string;

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, clock, plugins: [ssmPlugin] });
  client = new SSMClient(clientConfig(cloud));
  crops = cloud.cloud.resources('AWS::SSM::Parameter').find(({ path }) => path.includes('Crops'))?.ref ?? '';
});

const get = (Name: string, by = client) => by.send(new GetParameterCommand({ Name }));

describe('SSM', () => {
  it.each(['/farm/field', FIELD_ARN, '/farm/field:1'])(
    'answers the parameter of a template: %s',
    async (name) => {
      expect((await get(name)).Parameter).toEqual({
        Name: '/farm/field',
        ARN: FIELD_ARN,
        Type: 'String',
        DataType: 'text',
        Value: 'north',
        Version: 1,
        LastModifiedDate: new Date(clock.now()),
      });
    },
  );

  it('answers several, and which of the names there are not', async () => {
    const Names = [crops, 'constructor', '/farm/field'];
    const { Parameters = [], InvalidParameters } = await client.send(new GetParametersCommand({ Names }));

    expect(crops).not.toBe('');
    expect(Parameters.map(({ Type, Value }) => [Type, Value])).toEqual([
      ['StringList', 'barley,oats'],
      ['String', 'north'],
    ]);
    expect(InvalidParameters).toEqual(['constructor']);
  });

  it.each(['/farm', '/farm/field:2', 'constructor'])('has no parameter %s', async (name) => {
    await expect(get(name)).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('refuses a request that names none, or too many', async () => {
    for (const Names of [[], Array.from({ length: 11 }, (_, index) => `p${index}`)])
      await expect(client.send(new GetParametersCommand({ Names }))).rejects.toMatchObject({
        name: 'ValidationException',
      });
  });

  it('answers whom a policy lets read it, and nobody else', async () => {
    const reader = new SSMClient(clientConfig(cloud, 'arn:aws:iam::000000000000:role/reader'));

    expect((await get('/farm/field', reader)).Parameter?.Value).toBe('north');
    await expect(get(crops, reader)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('ssm:GetParameter'),
    });
  });

  it('fails where a fault says so', async () => {
    const id = cloud.cloud.faults.add({
      at: 'call',
      service: 'ssm',
      resource: 'parameter/farm/field',
      error: { status: 500, code: 'InternalServerError', message: 'injected' },
    });
    await expect(get('/farm/field')).rejects.toMatchObject({ name: 'InternalServerError' });
    await expect(get(crops)).resolves.toBeDefined();
    cloud.cloud.faults.remove(id);
    await expect(get('/farm/field')).resolves.toBeDefined();
  });

  it('says that it does not emulate a change', async () => {
    const command = new PutParameterCommand({ Name: '/farm/field', Value: 'south', Overwrite: true });
    await expect(client.send(command)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });
});

import {
  CfnCondition,
  CfnMapping,
  CfnOutput,
  CfnParameter,
  CfnResource,
  Fn,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { loadAssembly } from '../../../local/template/assembly.ts';
import type { ResourceSupport } from '../../../local/template/resource-types.ts';
import { Resources } from '../../../local/template/resources.ts';
import { synthesizeApp, synthesizeStack } from '../core/support/synthesize.ts';

const THING = 'Test::Unknown::Thing';
const FRONT_DOOR = 'http://127.0.0.1:1';

const NAMED: ResourceSupport = {
  support: 'emulated',
  identify: (resource) => ({
    ref: String(resource.property('Name') ?? 'unnamed'),
    attributes: { Arn: `arn:${resource.region}:${resource.accountId}` },
  }),
};

function load(assemblyDir: string, supports: Record<string, ResourceSupport> = {}): Resources {
  return new Resources(loadAssembly(assemblyDir), supports, FRONT_DOOR);
}

/** The properties of the one resource `Subject` of a stack. */
function evaluated(
  define: (stack: Stack) => Record<string, unknown>,
  supports = {},
): Record<string, unknown> {
  const assemblyDir = synthesizeStack((stack) => {
    new CfnResource(stack, 'Subject', { type: THING, properties: define(stack) });
  });
  const subject = load(assemblyDir, supports)
    .ofType(THING)
    .find((resource) => resource.logicalId === 'Subject');
  return { ...subject?.properties };
}

describe('Resources', () => {
  it('evaluates every intrinsic function that a template may hold', () => {
    const properties = evaluated(
      (stack) => {
        new CfnMapping(stack, 'Sizes', { mapping: { small: { memory: 512 } } });
        const other = new CfnResource(stack, 'Other', { type: 'Test::Named', properties: { Name: 'other' } });
        new CfnCondition(stack, 'Yes', { expression: Fn.conditionEquals(1, '1') });
        new CfnCondition(stack, 'No', {
          expression: Fn.conditionNot(
            Fn.conditionAnd(Fn.conditionEquals('a', 'a'), Fn.conditionEquals('b', 'b')),
          ),
        });
        new CfnCondition(stack, 'Either', {
          expression: Fn.conditionOr(Fn.conditionEquals('a', 'b'), Fn.conditionEquals('b', 'b')),
        });
        return {
          Ref: { Ref: 'Other' },
          Attribute: other.getAtt('Arn'),
          Join: Fn.join('-', ['a', { Ref: 'Other' } as unknown as string]),
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax, not JavaScript's
          Sub: Fn.sub('${AWS::Region}/${Other}/${Other.Arn}/${Local}/${!Kept}', { Local: 'x' }),
          Select: Fn.select(1, Fn.split('/', 'a/b/c')),
          If: { 'Fn::If': ['Yes', 'then', 'else'] },
          IfNot: { 'Fn::If': ['No', 'then', 'else'] },
          IfEither: { 'Fn::If': ['Either', 'then', 'else'] },
          Map: { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] },
          Base64: Fn.base64('hello'),
          Omitted: { Ref: 'AWS::NoValue' },
          List: ['kept', { Ref: 'AWS::NoValue' }],
          Partition: { Ref: 'AWS::Partition' },
          Suffix: { Ref: 'AWS::URLSuffix' },
          Zones: { 'Fn::GetAZs': '' },
          Json: { 'Fn::ToJsonString': { a: { Ref: 'AWS::AccountId' } } },
        };
      },
      { 'Test::Named': NAMED },
    );

    expect(properties).toEqual({
      Ref: 'other',
      Attribute: 'arn:us-east-1:000000000000',
      Join: 'a-other',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax, not JavaScript's
      Sub: 'us-east-1/other/arn:us-east-1:000000000000/x/${Kept}',
      Select: 'b',
      If: 'then',
      IfNot: 'else',
      IfEither: 'then',
      Map: 512,
      Base64: 'aGVsbG8=',
      List: ['kept'],
      Partition: 'aws',
      Suffix: 'amazonaws.com',
      Zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
      Json: '{"a":"000000000000"}',
    });
  });

  it('takes the default of a parameter, and splits the default of a list', () => {
    const properties = evaluated((stack) => {
      new CfnParameter(stack, 'Stage', { default: 'dev' });
      new CfnParameter(stack, 'Zones', { type: 'CommaDelimitedList', default: 'a, b' });
      return { Stage: { Ref: 'Stage' }, Zones: { Ref: 'Zones' } };
    });

    expect(properties).toEqual({ Stage: 'dev', Zones: ['a', 'b'] });
  });

  it('takes what another stack stores in SSM, as one value or as a list', () => {
    const assemblyDir = synthesizeApp((app) => {
      const producer = new Stack(app, 'Producer');
      const thing = new CfnResource(producer, 'Thing', {
        type: 'Test::Named',
        properties: { Name: 'thing' },
      });
      const store = (id: string, name: string, value: string) =>
        new CfnResource(producer, id, {
          type: 'AWS::SSM::Parameter',
          properties: { Name: name, Type: 'String', Value: value },
        });
      store('One', '/one', thing.ref);
      store('Several', '/several', Fn.join(',', [thing.ref, 'other']));
      const consumer = new Stack(app, 'Consumer');
      const parameter = (id: string, type: string, name: string) =>
        new CfnParameter(consumer, id, { type: `AWS::SSM::Parameter::Value<${type}>`, default: name });
      parameter('OneValue', 'String', '/one');
      parameter('AllValues', 'List<AWS::EC2::Subnet::Id>', '/several');
      new CfnResource(consumer, 'Subject', {
        type: THING,
        properties: { One: { Ref: 'OneValue' }, All: { Ref: 'AllValues' } },
      });
    });

    const [subject] = load(assemblyDir, { 'Test::Named': NAMED }).ofType(THING);

    expect(subject?.properties).toEqual({ One: 'thing', All: ['thing', 'other'] });
  });

  it('follows references into other stacks through their exports', () => {
    const assemblyDir = synthesizeApp((app) => {
      const producer = new Stack(app, 'Producer');
      const queue = new Queue(producer, 'Queue', { queueName: 'jobs' });
      const consumer = new Stack(app, 'Consumer');
      new CfnResource(consumer, 'Subject', { type: THING, properties: { Arn: queue.queueArn } });
    });

    const [subject] = load(assemblyDir, {
      'AWS::SQS::Queue': {
        support: 'emulated',
        identify: () => ({ ref: 'url', attributes: { Arn: 'arn:jobs' } }),
      },
    }).ofType(THING);

    expect(subject?.properties).toEqual({ Arn: 'arn:jobs' });
  });

  it('names what it does not know, the same at every start, so that what refers to it still evaluates', () => {
    const assemblyDir = synthesizeStack((stack) => {
      const unknown = new CfnResource(stack, 'Unknown', { type: 'AWS::Glue::Database' });
      new CfnResource(stack, 'Subject', {
        type: THING,
        properties: { Ref: unknown.ref, Arn: unknown.getAtt('Arn'), Other: unknown.getAtt('Status') },
      });
    });

    const first = load(assemblyDir).ofType(THING)[0]?.properties;
    const second = load(assemblyDir).ofType(THING)[0]?.properties;

    expect(first?.Ref).toMatch(/^Test-Unknown-[0-9A-Z]{12}$/);
    expect(first?.Arn).toBe(`arn:aws:glue:us-east-1:000000000000:${first?.Ref}`);
    expect(first?.Other).toBe(`${first?.Ref}-Status`);
    expect(second).toEqual(first);
  });

  it('leaves out resources whose condition is false', () => {
    const assemblyDir = synthesizeStack((stack) => {
      const never = new CfnCondition(stack, 'Never', { expression: Fn.conditionEquals('a', 'b') });
      const absent = new CfnResource(stack, 'Absent', { type: THING });
      absent.cfnOptions.condition = never;
      new CfnResource(stack, 'Present', { type: THING });
    });

    const ids = load(assemblyDir)
      .declared()
      .map((one) => one.logicalId);

    expect(ids).toEqual(['Present']);
  });

  it('knows construct paths and gives the front door to what is named by a URL there', () => {
    const assemblyDir = synthesizeStack((stack) => {
      new Queue(stack, 'Queue');
    });
    const resources = load(assemblyDir, {
      'AWS::SQS::Queue': {
        support: 'emulated',
        identify: ({ frontDoorUrl }) => ({ ref: `${frontDoorUrl}/q` }),
      },
    });

    expect(resources.ofType('AWS::SQS::Queue').map(({ path, ref }) => ({ path, ref }))).toEqual([
      { path: 'Test/Queue/Resource', ref: 'http://127.0.0.1:1/q' },
    ]);
  });

  it.each<[string, (stack: Stack) => Record<string, unknown>, RegExp]>([
    [
      'a reference to nothing',
      () => ({ Deep: { Value: { Ref: 'Nobody' } } }),
      /^Test: Subject\.Deep\.Value: Test declares nothing named Nobody \(in \{"Ref":"Nobody"\}\)$/,
    ],
    [
      'an import that no stack exports',
      () => ({ Value: Fn.importValue('elsewhere') }),
      /^Test: Subject\.Value: no stack exports this name \(in "elsewhere"\)$/,
    ],
    [
      'a function that it does not know',
      () => ({ Value: { 'Fn::Transform': { Name: 'x' } } }),
      /^Test: Subject\.Value: Fn::Transform is not known to the local cloud/,
    ],
    [
      'an element that a list does not have',
      () => ({ Value: { 'Fn::Select': [3, ['a']] } }),
      /Fn::Select asks for element 3 of a list of 1/,
    ],
    [
      'a mapping without the entry',
      (stack) => {
        new CfnMapping(stack, 'Sizes', { mapping: { small: { memory: 1 } } });
        return { Value: { 'Fn::FindInMap': ['Sizes', 'large', 'memory'] } };
      },
      /Fn::FindInMap finds no such entry \(in \["Sizes","large","memory"\]\)/,
    ],
    [
      'a parameter that SSM would fill',
      (stack) => {
        new CfnParameter(stack, 'Ami', { type: 'AWS::SSM::Parameter::Value<String>', default: '/ami' });
        return { Value: { Ref: 'Ami' } };
      },
      /Ami takes its value from SSM, where no template stores \/ami/,
    ],
    [
      'an attribute that an emulated type does not have',
      (stack) => {
        new CfnResource(stack, 'Other', { type: 'Test::Named' });
        return { Value: { 'Fn::GetAtt': ['Other', 'Colour'] } };
      },
      /the local cloud's Test::Named has no attribute Colour/,
    ],
  ])('says where %s stands', (_what, define, message) => {
    expect(() => evaluated(define, { 'Test::Named': NAMED })).toThrow(message);
  });

  it('describes a cycle by its members', () => {
    const assemblyDir = synthesizeStack((stack) => {
      const first = new CfnResource(stack, 'First', { type: 'Test::Named' });
      first.addPropertyOverride('Name', { Ref: 'Second' });
      const second = new CfnResource(stack, 'Second', { type: 'Test::Named' });
      second.addPropertyOverride('Name', { Ref: 'First' });
    });

    expect(() => load(assemblyDir, { 'Test::Named': NAMED }).ofType('Test::Named')).toThrow(
      /a cycle: the name of Test\/First needs the name of Test\/Second needs the name of Test\/First/,
    );
  });

  it('lets two resources use each other as long as their names do not depend on it', () => {
    const assemblyDir = synthesizeStack((stack) => {
      new CfnResource(stack, 'First', {
        type: 'Test::Named',
        properties: { Name: 'a', Peer: { Ref: 'Second' } },
      });
      new CfnResource(stack, 'Second', {
        type: 'Test::Named',
        properties: { Name: 'b', Peer: { Ref: 'First' } },
      });
    });

    const peers = load(assemblyDir, { 'Test::Named': NAMED })
      .ofType('Test::Named')
      .map((resource) => resource.properties.Peer);

    expect(peers).toEqual(['b', 'a']);
  });

  it('refuses two stacks that export the same name', () => {
    const assemblyDir = synthesizeApp((app) => {
      for (const name of ['One', 'Two']) {
        new CfnOutput(new Stack(app, name), 'Out', { value: Token.asString(name), exportName: 'shared' });
      }
    });

    expect(() => load(assemblyDir)).toThrow(/^Two: Outputs\.Out: One \(Outputs\.Out\) exports the same name/);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { nag } from '../../../bin/verify/templates/nag.ts';
import { DEV } from '../support/environments.ts';
import { computedModel, deploymentOf, FIREWALL } from '../support/models.ts';
import { flat, only } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement: {
    readonly RateBasedStatement?: object;
    readonly ManagedRuleGroupStatement?: { readonly Name: string; readonly RuleActionOverrides?: object };
  };
  readonly VisibilityConfig: { readonly MetricName: string };
}

describe('the firewall before an API', () => {
  let stack: Synthesized;
  let rules: readonly Rule[];
  beforeAll(async () => {
    stack = await synthesizeModel(
      computedModel,
      deploymentOf({ mode: 'lambda' }, { firewall: FIREWALL }),
      DEV,
    );
    rules = only(stack.model, 'AWS::WAFv2::WebACL').Properties.Rules as readonly Rule[];
  });

  it("stands before the model's stage, and lets through what no rule refuses", () => {
    const { Properties } = only(stack.model, 'AWS::WAFv2::WebACLAssociation');

    expect(flat(Properties.ResourceArn)).toMatch(
      /^arn:\{AWS::Partition\}:apigateway:\{AWS::Region\}::\/restapis\/\{ApiRestApi\w+\}\/stages\/\{ApiRestApi\w*Stage\w+\}$/,
    );
    expect(Properties.WebACLArn).toEqual({
      'Fn::GetAtt': [only(stack.model, 'AWS::WAFv2::WebACL').logicalId, 'Arn'],
    });
    expect(only(stack.model, 'AWS::WAFv2::WebACL').Properties).toMatchObject({
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
    });
  });

  it('refuses an address that sends more than its share in five minutes', () => {
    expect(rules[0]).toMatchObject({
      Priority: 0,
      Action: { Block: {} },
      Statement: {
        RateBasedStatement: { AggregateKeyType: 'IP', Limit: 2000, EvaluationWindowSec: 300 },
      },
    });
  });

  it("has AWS's rules, of which large bodies and nameless clients are counted only", () => {
    const groups = rules
      .slice(1)
      .map(({ OverrideAction, Statement: { ManagedRuleGroupStatement: group } }) => ({
        OverrideAction,
        name: group?.Name,
        counted: group?.RuleActionOverrides,
      }));

    expect(groups).toEqual([
      {
        OverrideAction: { None: {} },
        name: 'AWSManagedRulesCommonRuleSet',
        counted: [
          { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
          { Name: 'NoUserAgent_HEADER', ActionToUse: { Count: {} } },
        ],
      },
      { OverrideAction: { None: {} }, name: 'AWSManagedRulesKnownBadInputsRuleSet', counted: [] },
    ]);
  });

  it('counts by rule, and keeps nothing of a request', () => {
    const configs = [
      only(stack.model, 'AWS::WAFv2::WebACL').Properties.VisibilityConfig,
      ...rules.map(({ VisibilityConfig }) => VisibilityConfig),
    ];

    expect(configs).toEqual(
      [
        'AllOthers',
        'RequestsPerAddress',
        'AWSManagedRulesCommonRuleSet',
        'AWSManagedRulesKnownBadInputsRuleSet',
      ].map((MetricName) => ({ MetricName, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: false })),
    );
    stack.model.resourceCountIs('AWS::WAFv2::LoggingConfiguration', 0);
  });

  it('is what cdk-nag asks for, so that nothing of it is acknowledged', () => {
    const acknowledged = JSON.stringify(stack.app.node.findAll().flatMap(({ node }) => node.metadata));

    expect(nag(stack.app)).toEqual([]);
    expect(acknowledged).toContain('AwsSolutions-APIG6');
    expect(acknowledged).not.toContain('AwsSolutions-APIG3');
  });

  it('is not there unless it is declared', async () => {
    const { model } = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), DEV);

    model.resourceCountIs('AWS::WAFv2::WebACL', 0);
    model.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  });
});

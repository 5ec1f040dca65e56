import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Firewall } from '../../contract/deployment/firewall.ts';

export interface ApiFirewallProps {
  readonly firewall: Firewall;
  /** The stage that it stands before. */
  readonly stageArn: string;
}

/** Rules that AWS keeps, and those of them that only count here. */
interface ManagedRules {
  readonly name: string;
  /** Why each of them refuses nothing, by its name. */
  readonly counted: Readonly<Record<string, string>>;
}

/** AWS WAF developer guide, "Baseline rule groups". They keep up with attacks by themselves: no version is pinned. */
const MANAGED_RULES: readonly ManagedRules[] = [
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: {
      SizeRestrictions_BODY: 'It refuses bodies above 8 KB, and inputs may be lists or images of several MB.',
      NoUserAgent_HEADER: 'Callers are programs, and not every client library names itself.',
    },
  },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet', counted: {} },
];

/**
 * The firewall before an API. What it refuses is counted in CloudWatch by rule, and neither sampled nor logged: both would
 * hold headers, with keys and tokens, and parts of what callers send. It reads the first 16 KB of a body; the functions
 * check all of it.
 */
export class ApiFirewall extends Construct {
  constructor(scope: Construct, id: string, { firewall, stageArn }: ApiFirewallProps) {
    super(scope, id);
    const { requests, windowMinutes } = firewall.perAddress;
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: counted('AllOthers'),
      rules: [
        {
          name: 'RequestsPerAddress',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: requests,
              evaluationWindowSec: windowMinutes * 60,
            },
          },
          visibilityConfig: counted('RequestsPerAddress'),
        },
        ...MANAGED_RULES.map((rules, index) => managed(rules, index + 1)),
      ],
    });
    new CfnWebACLAssociation(this, 'Association', { webAclArn: acl.attrArn, resourceArn: stageArn });
  }
}

function managed({ name, counted: exceptions }: ManagedRules, priority: number): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: Object.keys(exceptions).map((rule) => ({
          name: rule,
          actionToUse: { count: {} },
        })),
      },
    },
    visibilityConfig: counted(name),
  };
}

function counted(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import type { Environment, PrivateNetwork } from '../environment.ts';
import { addressBlock, isPrivateBlock } from '../network/address-block.ts';

/** What of an environment its network has to go with. */
export type CheckedNetwork = Pick<Environment, 'network' | 'region' | 'datadog'>;

/**
 * The bounds of a network's block, by its prefix length. A VPC has at most /16 (Amazon VPC user guide, "VPC CIDR blocks").
 * Below /24, two zones have fewer than 128 addresses each for the instances of all models, of which an update has twice as many.
 */
const LONGEST_PREFIX = 24;
const SHORTEST_PREFIX = 16;

/** SageMaker developer guide, "Configure a model for Amazon VPC access": two subnets in different zones. */
const FEWEST_ZONES = 2;

/** What keeps an environment's network from being made: each with what was declared and what to do. */
export function networkProblems({ network, region, datadog }: CheckedNetwork): string[] {
  if (network === undefined) return [];
  return [
    ...blockProblems(network),
    ...zoneProblems(network, region),
    ...listProblems(network),
    ...(datadog === undefined
      ? []
      : [
          `datadog is set, and its extension reaches ${datadog.site} over the internet, to which the network has no way. Leave datadog or network out of the environment.`,
        ]),
  ];
}

/** What a model would have to do outside of the network. */
export function outsideProblems(
  { hosting, access }: DeploymentSettings,
  { network }: CheckedNetwork,
): string[] {
  if (network === undefined) return [];
  const problems: string[] = [];
  if (hosting.mode === 'serverless') {
    problems.push(
      `hosting "serverless" runs its container in no VPC, with a way to the internet, and the environment has a network without one. Use { mode: 'realtime', … } or { mode: 'lambda' }, or leave network out of the environment.`,
    );
  }
  if (hosting.mode === 'asynchronous' && hosting.callbacks !== undefined) {
    problems.push(
      `hosting.callbacks calls ${hosting.callbacks.hosts.join(', ')} over the internet, to which the network has no way. Leave callbacks out, so that callers poll, or network out of the environment.`,
    );
  }
  if (access.kind === 'jwt') {
    problems.push(
      `access "jwt" fetches keys from ${access.jwksUrl} over the internet, to which the network has no way. Use { kind: 'iam', … } or { kind: 'api-key', … }, or leave network out of the environment.`,
    );
  }
  return problems;
}

function blockProblems({ cidr }: PrivateNetwork): string[] {
  const block = addressBlock(cidr);
  if (block === undefined) {
    return [
      `network.cidr is ${cidr}, which is no block of addresses. Use its first address and a prefix length, such as 10.20.0.0/20.`,
    ];
  }
  const problems: string[] = [];
  if (!isPrivateBlock(block)) {
    problems.push(
      `network.cidr is ${cidr}, which others on the internet have. Use a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.`,
    );
  }
  if (block.prefixLength < SHORTEST_PREFIX || block.prefixLength > LONGEST_PREFIX) {
    problems.push(
      `network.cidr is ${cidr}, and a network has between /${SHORTEST_PREFIX} and /${LONGEST_PREFIX}. Use another prefix length.`,
    );
  }
  return problems;
}

function zoneProblems({ availabilityZones }: PrivateNetwork, region: string | undefined): string[] {
  const problems: string[] = [];
  if (
    new Set(availabilityZones).size < FEWEST_ZONES ||
    new Set(availabilityZones).size < availabilityZones.length
  ) {
    problems.push(
      `network.availabilityZones is [${availabilityZones.join(', ')}], and SageMaker asks for ${FEWEST_ZONES} different zones at least. Name each zone once.`,
    );
  }
  if (region === undefined) {
    problems.push(
      'network names zones, and the environment no region that they could belong to. Set region to it.',
    );
  } else {
    const foreign = availabilityZones.filter((zone) => !zone.startsWith(region));
    if (foreign.length > 0) {
      problems.push(
        `network.availabilityZones has ${foreign.join(', ')}, and the environment's region is ${region}. Use zones of that region, such as ${region}a.`,
      );
    }
  }
  return problems;
}

function listProblems({ prefixLists }: PrivateNetwork): string[] {
  return Object.entries(prefixLists)
    .filter(([, id]) => !/^pl-[0-9a-f]+$/.test(id))
    .map(
      ([service, id]) =>
        `network.prefixLists.${service} is ${JSON.stringify(id)}, which is no id of a prefix list. Take the one that aws ec2 describe-managed-prefix-lists shows for ${service}.`,
    );
}

import type {
  AsynchronousHosting,
  Hosting,
  LambdaHosting,
  RealtimeHosting,
  ServerlessHosting,
} from '../../contract/deployment/deployment.ts';
import { AWS_LIMITS } from '../../contract/limits/aws-limits.ts';
import { hasInstanceStorage, isArm, isBurstable } from '../hosting/instance-families.ts';

/** The most that all functions of an account may reserve together. */
const RESERVABLE = AWS_LIMITS.accountConcurrency.value - AWS_LIMITS.unreservedConcurrency.value;

/** What AWS would refuse of a hosting's capacity and scaling: each with what was declared and what to do. */
export function capacityProblems(hosting: Hosting): string[] {
  switch (hosting.mode) {
    case 'lambda':
      return lambdaProblems(hosting);
    case 'serverless':
      return serverlessProblems(hosting);
    case 'realtime':
      return realtimeProblems(hosting);
    case 'asynchronous':
      return instanceTypeProblems(hosting);
  }
}

/** What all models of an environment ask for together, and one account in one region does not have. */
export function accountCapacityProblems(hostings: readonly Hosting[]): string[] {
  const reserving = hostings.flatMap((one) => (one.mode === 'lambda' ? (one.reservedConcurrency ?? []) : []));
  const reserved = reserving.reduce((sum, one) => sum + one, 0);
  if (reserving.length < 2 || reserved <= RESERVABLE) return [];
  return [
    `all models: hosting.reservedConcurrency comes to ${reserved}, and an account can reserve ${RESERVABLE} in a region. Reserve less, or have the quota raised and change it in contract/limits/aws-limits.ts.`,
  ];
}

function lambdaProblems({ provisionedConcurrency, reservedConcurrency }: LambdaHosting): string[] {
  const problems: string[] = [];
  if (reservedConcurrency !== undefined && reservedConcurrency > RESERVABLE) {
    problems.push(
      `hosting.reservedConcurrency is ${reservedConcurrency}, and an account can reserve ${RESERVABLE} in a region. Declare less, or have the quota raised and change it in contract/limits/aws-limits.ts.`,
    );
  }
  const most = reservedConcurrency ?? RESERVABLE;
  if (provisionedConcurrency !== undefined && provisionedConcurrency.max > most) {
    problems.push(
      `hosting.provisionedConcurrency.max is ${provisionedConcurrency.max}, and the function can have ${most}${reservedConcurrency === undefined ? '' : ' by its hosting.reservedConcurrency'}. Provision less${reservedConcurrency === undefined ? '' : ', or reserve more'}.`,
    );
  }
  return problems;
}

function serverlessProblems({ provisionedConcurrency, maxConcurrency }: ServerlessHosting): string[] {
  if (provisionedConcurrency === undefined || provisionedConcurrency.max <= maxConcurrency) return [];
  return [
    `hosting.provisionedConcurrency.max is ${provisionedConcurrency.max}, and hosting.maxConcurrency is ${maxConcurrency}: SageMaker provisions a part of it. Provision less, or raise maxConcurrency.`,
  ];
}

/** What no mode on instances can have. */
function instanceTypeProblems({ instanceType }: RealtimeHosting | AsynchronousHosting): string[] {
  const problems: string[] = [];
  if (isArm(instanceType)) {
    problems.push(
      `hosting.instanceType is ${instanceType}, whose processor is Graviton, and the model server's image is built for x86-64. Use a type such as ml.c6i.large or ml.m5.large.`,
    );
  }
  if (isBurstable(instanceType)) {
    problems.push(
      `hosting.instanceType is ${instanceType}, and SageMaker does not scale burstable instances. Use a type such as ml.m5.large.`,
    );
  }
  return problems;
}

function realtimeProblems(hosting: RealtimeHosting): string[] {
  const { instanceType, volumeGb } = hosting;
  const problems = instanceTypeProblems(hosting);
  if (volumeGb !== undefined && hasInstanceStorage(instanceType)) {
    problems.push(
      `hosting.volumeGb is ${volumeGb}, and ${instanceType} has storage of its own, for which SageMaker takes no size. Leave volumeGb out.`,
    );
  }
  if (hosting.surge !== undefined && !canScaleOut(hosting)) {
    problems.push(
      `hosting.surge adds instances, and hosting.instances.max leaves no room for any. Raise max, or leave surge out.`,
    );
  }
  return problems;
}

/** Whether the bounds, or those of a schedule, leave room between them. */
function canScaleOut({ instances, schedules }: RealtimeHosting): boolean {
  return [instances, ...schedules].some(({ min, max }) => max > min);
}

import type { Hosting, HostingMode } from '../contract/deployment/deployment.ts';
import { CHAMPION } from '../contract/model/answering-variant.ts';
import type { Severity } from './environment.ts';

/**
 * The few names that are fixed, so that stacks and alarms can refer to something without a cycle or an export. All other
 * names are left to CloudFormation, which may then replace what it has to.
 */
const PREFIX = 'furrow';

/** The stack of one model. */
export function modelStackName(environment: string, model: string): string {
  return `${PREFIX}-${environment}-${model}`;
}

/** The stack of what the models of one environment share. */
export function sharedStackName(environment: string): string {
  return `${PREFIX}-${environment}-shared`;
}

/** The stack of an environment's own network. */
export function networkStackName(environment: string): string {
  return `${PREFIX}-${environment}-network`;
}

/** Where the network's stack writes, in SSM's parameter store, what others need to join it. */
export function networkParameterName(environment: string, value: 'subnets' | 'security-group'): string {
  return `/${PREFIX}/${environment}/network/${value}`;
}

/**
 * The mode is a part of the name because an endpoint can't be turned into one of another mode: under a new name
 * CloudFormation creates the new one, moves the functions to it and then deletes the old one. Each variant has an endpoint
 * of its own, and only the champion's ends in the mode.
 */
export function endpointName(
  environment: string,
  model: string,
  mode: HostingMode,
  variant: string = CHAMPION,
): string {
  const champions = `${PREFIX}-${environment}-${model}-${mode}`;
  return variant === CHAMPION ? champions : `${champions}-${variant}`;
}

export interface EndpointSubject {
  /** @default - the champion */
  readonly variant?: string | undefined;
  /** A hash of what the endpoint serves. @default - one that stands for any: for telling how long the name is */
  readonly content?: string;
}

/** What of a content's hash is in a name: enough to tell a content from the one before it. */
const CONTENT_LENGTH = 8;

/**
 * The endpoint's name for a hosting. The instance type is a part of it for the same reason as the mode: SageMaker refuses
 * another type for a variant that is registered for scaling. Under a new name the new endpoint is registered by itself,
 * and the old one deregistered before it is deleted. On serverless, where SageMaker has no guardrails for updates, what is
 * served is a part of it too: a new model gets an endpoint of its own, and the functions move to it as their rollout says.
 */
export function endpointNameOf(
  environment: string,
  model: string,
  hosting: Hosting,
  { variant = CHAMPION, content = 'x'.repeat(CONTENT_LENGTH) }: EndpointSubject = {},
): string {
  const name = endpointName(environment, model, hosting.mode, variant);
  if (hosting.mode === 'serverless') return `${name}-${content.slice(0, CONTENT_LENGTH)}`;
  if (!('instanceType' in hosting)) return name;
  const typed = `${name}-${hosting.instanceType.replace(/^ml\./, '').replaceAll('.', '-')}`;
  // Nor can an endpoint that holds a model become one whose components do, or the other way round.
  return 'scaleToZero' in hosting && hosting.scaleToZero !== undefined ? `${typed}-zero` : typed;
}

/** The state machine of a model's batches; its transform jobs' names begin so too. */
export function batchName(environment: string, model: string): string {
  return `${modelStackName(environment, model)}-batch`;
}

/** The log group of that state machine, where CloudWatch Logs expects logs that services deliver. */
export function batchLogGroupName(environment: string, model: string): string {
  return `/aws/vendedlogs/states/${batchName(environment, model)}`;
}

/** The SNS topic that alarms of one severity notify. */
export function topicName(environment: string, severity: Severity): string {
  return `${PREFIX}-${environment}-${severity}`;
}

/** The CloudWatch alarm of one signal. */
export function alarmName(environment: string, model: string, alarm: string): string {
  return `${PREFIX}-${environment}-${model}-${alarm}`;
}

/** The REST API of one model; its metrics carry the name. */
export function apiName(environment: string, model: string): string {
  return `${PREFIX}-${environment}-${model}`;
}

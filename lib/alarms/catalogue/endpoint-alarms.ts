import type { Objectives } from '../../../contract/deployment/deployment.ts';
import { CHAMPION } from '../../../contract/model/answering-variant.ts';
import {
  type EndpointSignalOptions,
  endpointClientErrorShare,
  endpointServerErrorShare,
  modelLatencyP95,
} from '../signals/sagemaker.ts';
import type { AlarmDeclaration, AlarmKind } from './alarm-declaration.ts';
import { errorShare, PAGING_BURN_RATE } from './api-alarms.ts';
import { THRICE } from './breaches.ts';

export interface EndpointAlarmSubject extends EndpointSignalOptions {
  readonly objectives: Objectives;
}

/** The share of requests that may come back as a 4xx: throttled ones, and ones that the model server refuses. */
const REFUSED_SHARE = 0.05;

/**
 * The alarms that give a deployment up, where it takes a part of the instances or requests first: a new version that fails or
 * is slow must not take over.
 */
export const ROLLBACK_ALARMS = [
  'endpoint-5xx-errors',
  'endpoint-latency',
] as const satisfies readonly AlarmKind[];

/** The alarm that starts the first instance of a queue: nobody's to look at, so it is no kind with a runbook. */
export const WAKE_ALARM = 'wake-from-zero';

/** Every variant has an endpoint, and every endpoint its alarms; the champion's bear the plain names. */
export function endpointAlarmId(kind: AlarmKind | typeof WAKE_ALARM, variantName: string): string {
  return variantName === CHAMPION ? kind : `${kind}-${variantName}`;
}

/** What the endpoint itself reports: the cause behind an alarm of the API, and the watch over a deployment. */
export function endpointAlarms(subject: EndpointAlarmSubject): readonly AlarmDeclaration[] {
  const { variantName, objectives } = subject;
  const id = (kind: AlarmKind) => endpointAlarmId(kind, variantName);
  const subjectOf = ofVariant(variantName);
  return [
    serverErrors(subject),
    {
      kind: 'endpoint-4xx-errors',
      id: id('endpoint-4xx-errors'),
      title: `The endpoint refuses requests${subjectOf}`,
      firstStep:
        'Tell throttling from refused tensors: count model-throttled and model-error in the log of predict.',
      severity: 'ticket',
      signal: endpointClientErrorShare(subject),
      threshold: REFUSED_SHARE,
      breaches: THRICE,
    },
    {
      kind: 'endpoint-latency',
      id: id('endpoint-latency'),
      title: `The model alone takes longer than the objective of the API${subjectOf}`,
      firstStep: 'Compare invocations per instance with the scaling target, and read the container log.',
      severity: 'ticket',
      signal: modelLatencyP95(subject),
      // ModelLatency is in microseconds.
      threshold: objectives.latencyP95Ms * 1000,
      breaches: THRICE,
    },
  ];
}

/** The model server's own failures, which endpoints on instances of every kind report. */
export function serverErrors(subject: EndpointAlarmSubject): AlarmDeclaration {
  return {
    kind: 'endpoint-5xx-errors',
    id: endpointAlarmId('endpoint-5xx-errors', subject.variantName),
    title: `The model server fails${ofVariant(subject.variantName)}`,
    firstStep:
      'Read the container log of the endpoint, and see whether a deployment is under way or was rolled back.',
    severity: 'ticket',
    signal: endpointServerErrorShare(subject),
    threshold: errorShare(subject.objectives, PAGING_BURN_RATE),
    breaches: THRICE,
  };
}

/** What a title says of whose endpoint it is. */
export function ofVariant(variantName: string): string {
  return variantName === CHAMPION ? '' : ` (variant ${variantName})`;
}

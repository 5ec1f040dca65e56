import type { AsynchronousHosting, Objectives } from '../../../contract/deployment/deployment.ts';
import { METRICS } from '../../../contract/observability/metrics.ts';
import { counted } from '../signals/furrow.ts';
import {
  backlogSize,
  expiredRequests,
  notificationFailures,
  oldestRequestAge,
} from '../signals/sagemaker-asynchronous.ts';
import { visibleMessages } from '../signals/sqs.ts';
import type { AlarmDeclaration, AlarmKind } from './alarm-declaration.ts';
import { ONCE, THRICE, TWICE_OF_THREE } from './breaches.ts';
import { endpointAlarmId, ofVariant, serverErrors } from './endpoint-alarms.ts';

/** What only an asynchronous endpoint has. */
export interface AsynchronousParts {
  readonly hosting: AsynchronousHosting;
  /** Whether callers wait for what it answers; nobody does for a shadow. */
  readonly answers: boolean;
  /** Where notifications of all variants end up that could not be completed. @default - the champion has them */
  readonly deadLetterQueueName?: string | undefined;
}

export interface AsynchronousAlarmSubject extends AsynchronousParts {
  readonly environment: string;
  readonly model: string;
  readonly endpointName: string;
  readonly variantName: string;
  readonly objectives: Objectives;
}

/** The alarms that give a deployment up: a new version whose requests fail must not take over. */
const ROLLBACK_ALARMS = [
  'endpoint-5xx-errors',
  'asynchronous-failures',
] as const satisfies readonly AlarmKind[];

/** The same of a shadow, of which no prediction is expected. */
const ROLLBACK_ALARMS_OF_SHADOW = ['endpoint-5xx-errors'] as const satisfies readonly AlarmKind[];

/** The ids of the alarms that give the deployment of a variant up. */
export function asynchronousRollbackAlarms(
  variantName: string,
  { answers }: Pick<AsynchronousParts, 'answers'>,
): readonly string[] {
  const kinds = answers ? ROLLBACK_ALARMS : ROLLBACK_ALARMS_OF_SHADOW;
  return kinds.map((kind) => endpointAlarmId(kind, variantName));
}

/** How many times the backlog that all instances together are meant to carry is too much. */
const BACKLOG_FACTOR = 2;

/** The share of the longest wait after which the oldest request is too old: there is time left to do something. */
const AGE_SHARE = 0.5;

/**
 * What an asynchronous endpoint reports. It publishes no latency of requests: what they wait is its measure. A shadow wakes
 * nobody, and that it fails is counted and no more, as in every other mode.
 */
export function asynchronousAlarms(subject: AsynchronousAlarmSubject): readonly AlarmDeclaration[] {
  const { variantName, answers, deadLetterQueueName } = subject;
  return [
    serverErrors(subject),
    ...backlog(subject),
    ...(answers ? [failures(subject)] : []),
    ...losses(subject),
    ...(deadLetterQueueName === undefined ? [] : [undeliverable(deadLetterQueueName)]),
  ].map((declaration) => ({
    ...declaration,
    id: endpointAlarmId(declaration.kind, variantName),
    severity: answers ? declaration.severity : 'ticket',
  }));
}

/** A declaration whose id follows from its kind and the variant. */
type WithoutId = Omit<AlarmDeclaration, 'id'>;

function backlog({ endpointName, variantName, hosting }: AsynchronousAlarmSubject): readonly WithoutId[] {
  return [
    {
      kind: 'backlog-old',
      title: `Requests wait too long for the model${ofVariant(variantName)}`,
      firstStep: 'Compare the instance count with instances.max, and see whether the latest scaling failed.',
      severity: 'ticket',
      signal: oldestRequestAge({ endpointName }),
      // The metric is in seconds.
      threshold: hosting.maxWaitSeconds * AGE_SHARE,
      breaches: THRICE,
    },
    {
      kind: 'backlog-large',
      title: `More requests wait than the instances are meant for${ofVariant(variantName)}`,
      firstStep: 'See whether the load is wanted; if it is, raise instances.max.',
      severity: 'ticket',
      signal: backlogSize({ endpointName }),
      threshold: hosting.instances.max * hosting.backlogPerInstance * BACKLOG_FACTOR,
      breaches: THRICE,
    },
  ];
}

/** By variant: a challenger that fails must not roll the champion back. */
function failures(subject: AsynchronousAlarmSubject): WithoutId {
  const { variantName } = subject;
  return {
    kind: 'asynchronous-failures',
    title: `Accepted predictions end without an answer${ofVariant(variantName)}`,
    firstStep: 'Search the log of complete for "invocation failed" and for model-error.',
    severity: 'ticket',
    signal: counted(METRICS.asynchronousFailures, { ...subject, variant: variantName }),
    threshold: 0,
    breaches: TWICE_OF_THREE,
  };
}

function losses(subject: AsynchronousAlarmSubject): readonly WithoutId[] {
  const subjectOf = ofVariant(subject.variantName);
  return [
    {
      kind: 'requests-expired',
      title: `Requests were given up before the model saw them${subjectOf}`,
      firstStep: 'See why there was no instance for them: the scaling activities of the endpoint say so.',
      severity: 'page',
      signal: expiredRequests(subject),
      threshold: 0,
      breaches: ONCE,
    },
    {
      kind: 'notification-failures',
      title: `The endpoint can not tell that it is done${subjectOf}`,
      firstStep:
        "Look at the endpoint's role and at the policies of its two topics: predictions stay pending.",
      severity: 'page',
      signal: notificationFailures(subject),
      threshold: 0,
      breaches: ONCE,
    },
  ];
}

function undeliverable(deadLetterQueueName: string): WithoutId {
  return {
    kind: 'completion-dlq-not-empty',
    title: "The endpoint's answers could not be stored",
    firstStep: 'Read one message and the log of complete; mend the cause, then move the messages back.',
    severity: 'ticket',
    signal: visibleMessages({ queueName: deadLetterQueueName }),
    threshold: 0,
    breaches: ONCE,
  };
}

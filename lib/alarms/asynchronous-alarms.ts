import type { AsynchronousHosting, Objectives } from '../../contract/deployment.ts';
import { METRICS } from '../../contract/metrics.ts';
import type {
  AlarmDeclaration,
  AlarmKind,
  DatadogSignal,
  MetricSource,
  Signal,
} from './alarm-declaration.ts';
import { ONCE, THRICE, TWICE_OF_THREE } from './breaches.ts';
import { counted, queueDepth } from './capture-alarms.ts';
import { serverErrors } from './endpoint-alarms.ts';

/** What only an asynchronous endpoint has. */
export interface AsynchronousParts {
  readonly hosting: AsynchronousHosting;
  /** Where notifications end up that could not be completed. */
  readonly deadLetterQueueName: string;
}

export interface AsynchronousAlarmSubject extends AsynchronousParts {
  readonly environment: string;
  readonly model: string;
  readonly endpointName: string;
  readonly variantName: string;
  readonly objectives: Objectives;
}

/** The ids of the alarms that give a deployment up: a new version whose requests fail must not take over. */
export const ASYNCHRONOUS_ROLLBACK_ALARMS = [
  'endpoint-5xx-errors',
  'asynchronous-failures',
] as const satisfies readonly AlarmKind[];

/** How many times the backlog that all instances together are meant to carry is too much. */
const BACKLOG_FACTOR = 2;

/** The share of the longest wait after which the oldest request is too old: there is time left to do something. */
const AGE_SHARE = 0.5;

/** What an asynchronous endpoint reports. It publishes no latency of requests: what they wait is its measure. */
export function asynchronousAlarms(subject: AsynchronousAlarmSubject): readonly AlarmDeclaration[] {
  const { endpointName, variantName, hosting } = subject;
  const ofEndpoint = { EndpointName: endpointName };
  const ofVariant = { ...ofEndpoint, VariantName: variantName };
  return [
    serverErrors(subject),
    {
      kind: 'backlog-old',
      id: 'backlog-old',
      title: 'Requests wait too long for the model',
      firstStep: 'Compare the instance count with instances.max, and see whether the latest scaling failed.',
      severity: 'ticket',
      signal: highest('ApproximateAgeOfOldestRequest', ofEndpoint),
      // The metric is in seconds.
      threshold: hosting.maxWaitSeconds * AGE_SHARE,
      breaches: THRICE,
    },
    {
      kind: 'backlog-large',
      id: 'backlog-large',
      title: 'More requests wait than the instances are meant for',
      firstStep: 'See whether the load is wanted; if it is, raise instances.max.',
      severity: 'ticket',
      signal: highest('ApproximateBacklogSize', ofEndpoint),
      threshold: hosting.instances.max * hosting.backlogPerInstance * BACKLOG_FACTOR,
      breaches: THRICE,
    },
    {
      kind: 'asynchronous-failures',
      id: 'asynchronous-failures',
      title: 'Accepted predictions end without an answer',
      firstStep: 'Search the log of complete for "invocation failed" and for model-error.',
      severity: 'ticket',
      signal: counted(METRICS.asynchronousFailures, subject),
      threshold: 0,
      breaches: TWICE_OF_THREE,
    },
    {
      kind: 'requests-expired',
      id: 'requests-expired',
      title: 'Requests were given up before the model saw them',
      firstStep: 'See why there was no instance for them: the scaling activities of the endpoint say so.',
      severity: 'page',
      signal: total('ExpiredRequests', ofVariant),
      threshold: 0,
      breaches: ONCE,
    },
    {
      kind: 'notification-failures',
      id: 'notification-failures',
      title: 'The endpoint can not tell that it is done',
      firstStep:
        "Look at the endpoint's role and at the policies of its two topics: predictions stay pending.",
      severity: 'page',
      signal: total('NotificationFailures', ofVariant),
      threshold: 0,
      breaches: ONCE,
    },
    {
      kind: 'completion-dlq-not-empty',
      id: 'completion-dlq-not-empty',
      title: "The endpoint's answers could not be stored",
      firstStep: 'Read one message and the log of complete; mend the cause, then move the messages back.',
      severity: 'ticket',
      signal: queueDepth(subject.deadLetterQueueName),
      threshold: 0,
      breaches: ONCE,
    },
  ];
}

function highest(name: string, dimensions: MetricSource['dimensions']): Signal {
  return {
    metrics: [{ namespace: 'AWS/SageMaker', name, dimensions }],
    statistic: 'Maximum',
    periodSeconds: 60,
    datadog: datadog('max', name, dimensions),
  };
}

function total(name: string, dimensions: MetricSource['dimensions']): Signal {
  return {
    metrics: [{ namespace: 'AWS/SageMaker', name, dimensions }],
    statistic: 'Sum',
    periodSeconds: 300,
    datadog: datadog('sum', name, dimensions),
  };
}

/** Datadog's spelling of SageMaker's metrics and dimensions. */
function datadog(by: 'max' | 'sum', name: string, dimensions: MetricSource['dimensions']): DatadogSignal {
  const metric = name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  const tags = Object.fromEntries(
    Object.entries(dimensions).map(([dimension, value]) => [dimension.toLowerCase(), value]),
  );
  return { over: by, across: by, metric: `aws.sagemaker.${metric}`, tags };
}

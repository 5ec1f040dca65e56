import type { Model } from '../../contract/model/model.ts';
import type { ExplainEvent, FinishEvent, Finished } from './events.ts';
import type { BatchObjects } from './objects.ts';
import { resultsFolder, summaryKey } from './places.ts';

interface AnySummary {
  readonly execution: string;
  readonly model: string;
  readonly version: string;
  /** What the execution was started with. */
  readonly input: unknown;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** What a batch came to. */
export interface Summary extends AnySummary {
  readonly status: 'succeeded';
  /** Where the results are, as a URI. */
  readonly results: string;
  readonly objects: number;
  /** Objects below the prefix that are no input by their names. */
  readonly ignoredObjects: number;
  /** Lines that are not blank: each has a prediction or a problem. */
  readonly lines: number;
  readonly predictions: number;
  /** Predictions with warnings. */
  readonly flagged: number;
  readonly problems: number;
  readonly problemsByCode: Readonly<Record<string, number>>;
}

/** Why a batch came to nothing. */
export interface FailedSummary extends AnySummary {
  readonly status: 'failed';
  readonly error: string;
  readonly cause: string;
}

interface SummaryPorts {
  readonly model: Model;
  readonly objects: BatchObjects;
  readonly now: () => number;
}

/** Writes the summary of a batch, which says that its results are complete. */
export async function writeSummary(
  ports: SummaryPorts,
  event: FinishEvent,
  finished: Finished,
): Promise<Summary> {
  const { prepared } = event;
  const { predictions, flagged, problems: problemsByCode } = finished;
  const summary: Summary = {
    ...common(ports, event),
    status: 'succeeded',
    results: ports.objects.uri(resultsFolder(event.execution)),
    objects: prepared.objects,
    ignoredObjects: prepared.ignored,
    lines: prepared.lines,
    predictions,
    flagged,
    problems: prepared.lines - predictions,
    problemsByCode,
  };
  return await put(ports, event, summary);
}

/** Writes the summary of a batch that failed. */
export async function writeFailure(
  ports: SummaryPorts,
  event: ExplainEvent,
  reason: { readonly error: string; readonly cause: string },
): Promise<FailedSummary> {
  return await put(ports, event, { ...common(ports, event), status: 'failed', ...reason });
}

function common(
  { model, now }: SummaryPorts,
  { execution, input, startedAt }: FinishEvent | ExplainEvent,
): AnySummary {
  const { name, version } = model;
  const finishedAt = new Date(now()).toISOString();
  return { execution, model: name, version, input, startedAt, finishedAt };
}

async function put<S extends Summary | FailedSummary>(
  { objects }: SummaryPorts,
  { execution }: FinishEvent | ExplainEvent,
  summary: S,
): Promise<S> {
  await objects.put(summaryKey(execution), `${JSON.stringify(summary, null, 2)}\n`);
  return summary;
}

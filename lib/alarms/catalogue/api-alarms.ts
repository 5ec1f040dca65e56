import type { Objectives } from '../../../contract/deployment/deployment.ts';
import { stageLatencyP95, stageServerErrorShare } from '../signals/api-gateway.ts';
import type { AlarmDeclaration } from './alarm-declaration.ts';
import { THRICE, TWICE_OF_THREE } from './breaches.ts';

export interface ApiAlarmSubject {
  readonly apiName: string;
  readonly stageName: string;
  readonly objectives: Objectives;
  /** Whether the model's instances may be gone, so that its first request gets a 5xx. @default - they stay */
  readonly startsFromZero?: boolean;
}

/**
 * How many times faster than planned the error budget has to burn before somebody is woken: at ten times, a month's
 * budget is gone in three days.
 */
export const PAGING_BURN_RATE = 10;

/** What the client notices. */
export function apiAlarms({
  apiName,
  stageName,
  objectives,
  startsFromZero = false,
}: ApiAlarmSubject): readonly AlarmDeclaration[] {
  return [
    {
      kind: 'api-5xx-rate',
      id: 'api-5xx-rate',
      title: 'Too many requests end in a 5xx',
      firstStep:
        'Count the problem codes in the access log, then follow one request id into the logs of predict.',
      // The first requests after a pause are refused while an instance starts: that is agreed, and wakes nobody.
      severity: startsFromZero ? 'ticket' : 'page',
      signal: stageServerErrorShare({ apiName, stageName }),
      threshold: errorShare(objectives, PAGING_BURN_RATE),
      breaches: TWICE_OF_THREE,
    },
    {
      kind: 'api-latency-p95',
      id: 'api-latency-p95',
      title: 'Answers are slower than the objective',
      firstStep: 'Compare latency with integration latency, and both with the latency of the endpoint.',
      severity: 'ticket',
      signal: stageLatencyP95({ apiName, stageName }),
      threshold: objectives.latencyP95Ms,
      breaches: THRICE,
    },
  ];
}

/** The share of requests (0 to 1) that fail when the error budget burns `burnRate` times as fast as planned. */
export function errorShare({ availabilityPercent }: Objectives, burnRate: number): number {
  const share = ((100 - availabilityPercent) / 100) * burnRate;
  return Math.min(1, Math.round(share * 1e6) / 1e6);
}

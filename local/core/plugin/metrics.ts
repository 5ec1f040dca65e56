/** One metric: CloudWatch keeps those apart that differ in any dimension. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One measured value as CloudWatch would receive it. */
export interface Datum extends MetricId {
  readonly unit: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** The values of one metric in a period, by CloudWatch's statistics (CloudWatch user guide, "Statistics definitions"). */
export interface Statistics {
  readonly sampleCount: number;
  readonly sum: number;
  readonly average: number;
  readonly minimum: number;
  readonly maximum: number;
  /**
   * The value that a share of the others lies at or below.
   * @param percent above 0, up to 100: 95 for `p95`
   */
  percentile(percent: number): number;
}

/** Where the services' own metrics and the functions' embedded metric format (EMF) end up. */
export interface MetricStore {
  /** Whether it was taken: CloudWatch takes no value that is not a number or beyond 2^360, and none of long ago or of times to come. */
  put(datum: Datum): boolean;
  /**
   * The values of a metric, whose dimensions are exactly those given, in the minutes that begin in a period.
   * @param from milliseconds since the epoch, where a minute begins
   * @param to likewise; this minute is not part of it
   * @returns undefined where nothing was measured, or no longer known
   */
  read(metric: MetricId, from: number, to: number): Statistics | undefined;
  /** The distinct metrics seen so far, with how many values there were of each, and their sum. */
  list(): readonly MetricSummary[];
}

export interface MetricSummary extends MetricId {
  readonly count: number;
  readonly sum: number;
}

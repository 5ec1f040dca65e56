/** One measured value as CloudWatch would receive it. */
export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Where the services' own metrics and the functions' embedded metric format (EMF) end up. */
export interface MetricStore {
  put(datum: Datum): void;
  /** Every datum of one metric whose dimensions are exactly those given. */
  read(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): readonly Datum[];
  /** The distinct metrics seen so far, with how many values and their sum. */
  list(): readonly MetricSummary[];
}

export interface MetricSummary {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
}

/** Where the local cloud writes: CloudWatch-like log groups on disk, and the terminal. */
export interface LocalLog {
  /** Appends a line to a log group's file under the data directory (`logs/<group>.log`). */
  group(logGroup: string, line: string): void;
  info(message: string): void;
  warn(message: string): void;
}

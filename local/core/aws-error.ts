/** What every message says that refuses something known by name only: whoever passes one on has asked for such a thing. */
export const NOT_HERE = 'does not run here';

/** An error that a caller of an emulated AWS API gets, in the service's own wire form. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

import { describe, expect, it } from 'vitest';
import { loggable } from '../../../lambda/http/loggable.ts';

describe('loggable', () => {
  it("leaves out what the container said, which may quote a request's values", () => {
    const error = Object.assign(new Error('message "Trebi"'), {
      name: 'ModelError',
      OriginalStatusCode: 400,
      OriginalMessage: 'Trebi',
      LogStreamArn: 'arn:logs',
    });
    expect(loggable(error)).toEqual({
      name: 'ModelError',
      OriginalStatusCode: 400,
      LogStreamArn: 'arn:logs',
    });
  });

  it('keeps other errors whole, and does not show thrown values', () => {
    const error = new TypeError('x is not a function');
    expect(loggable(error)).toBe(error);
    expect(loggable('Trebi')).toEqual(new Error('thrown: string'));
  });
});

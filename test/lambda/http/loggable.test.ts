import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loggable } from '../../../lambda/http/loggable.ts';

let written: string[];

beforeEach(() => {
  written = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: unknown) => void written.push(String(line)));
  }
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
});

afterEach(() => vi.restoreAllMocks());

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

import { describe, expect, it } from 'vitest';
import { Admission } from '../../../serving/http/admission.ts';

const refused = expect.objectContaining({ status: 503 });

describe('admission', () => {
  it('admits up to its number of requests, and again when one is released', () => {
    const admission = new Admission({ maxRequests: 2, maxBytes: 100 });
    const first = admission.enter();
    admission.enter();
    expect(() => admission.enter()).toThrow(refused);
    first.release();
    expect(() => admission.enter()).not.toThrow();
  });

  it('admits bodies up to its number of bytes together', () => {
    const admission = new Admission({ maxRequests: 9, maxBytes: 100 });
    const first = admission.enter();
    const second = admission.enter();
    first.add(60);
    second.add(40);
    expect(() => second.add(1)).toThrow(refused);
    first.release();
    expect(() => second.add(60)).not.toThrow();
  });

  it('counts a ticket that is released twice once', () => {
    const admission = new Admission({ maxRequests: 1, maxBytes: 100 });
    const ticket = admission.enter();
    ticket.release();
    ticket.release();
    admission.enter();
    expect(() => admission.enter()).toThrow(refused);
  });
});

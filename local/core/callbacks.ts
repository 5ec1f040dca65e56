import { randomUUID } from 'node:crypto';
import type { Callback } from './plugin/local-cloud.ts';

/** Addresses at the front door that each take one answer. Whoever knows one may answer: as presigned URLs, they are secrets. */
export class Callbacks {
  readonly #open = new Map<string, (body: string) => void>();
  readonly #baseUrl: () => string;

  /** @param baseUrl the address that the ids are appended to, with a slash at its end */
  constructor(baseUrl: () => string) {
    this.#baseUrl = baseUrl;
  }

  open(): Callback {
    const id = randomUUID();
    const answer = new Promise<string>((resolve) => this.#open.set(id, resolve));
    return { url: `${this.#baseUrl()}${id}`, answer, close: () => this.#open.delete(id) };
  }

  /** Hands an answer over; false where none is awaited under the id. */
  answer(id: string, body: string): boolean {
    const resolve = this.#open.get(id);
    resolve?.(body);
    return this.#open.delete(id);
  }
}

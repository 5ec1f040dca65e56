import type { ServedModel } from './model.ts';

/** Where the server stands. */
export type State =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly model: ServedModel }
  | { readonly kind: 'draining' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Why the server can't answer predictions now, or undefined if it can: the truth behind /ping.
 *
 * @param now milliseconds since the epoch
 * @param runTimeoutMs a run that takes longer counts as stuck
 */
export function unreadiness(state: State, now: number, runTimeoutMs: number): string | undefined {
  if (state.kind === 'loading') return 'the model is being loaded';
  if (state.kind === 'draining') return 'the server is shutting down';
  if (state.kind === 'failed') return `the model can't be served: ${state.reason}`;
  const since = state.model.runningSince();
  if (since !== undefined && now - since > runTimeoutMs) {
    return `the model has been running for more than ${runTimeoutMs} ms`;
  }
  return undefined;
}

import type { ProxyRequest } from './event.ts';

/**
 * What a caller's policy is held against. Unlike the ARN that a function's permission names, it has the path that was
 * asked for, not the resource with its parameters.
 */
export function invokedArn({ incoming, stage }: Pick<ProxyRequest, 'incoming' | 'stage'>): string {
  const path = incoming.path.slice(stage.name.length + 1);
  const api = `arn:aws:execute-api:${stage.region}:${stage.accountId}:${stage.api.id}`;
  return `${api}/${stage.name}/${incoming.httpMethod}${path}`;
}

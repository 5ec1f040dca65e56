import { expect } from 'vitest';
import type { Answer, ModelClient } from './client.ts';

/** Asks for a prediction that was accepted until it is no longer pending. */
export async function laterAnswer(client: ModelClient, id: string): Promise<Answer> {
  let answer = await client.get(`/predictions/${id}`);
  await expect
    .poll(
      async () => {
        if (answer.body.status === 'pending') answer = await client.get(`/predictions/${id}`);
        return [answer.status, answer.body.status];
      },
      { timeout: 30_000, interval: 100 },
    )
    .not.toEqual([200, 'pending']);
  return answer;
}

import type { Answer, ModelClient } from './client.ts';

/** One answer of a load, in short. */
export interface Answered {
  readonly status: number;
  readonly version: unknown;
  readonly value: unknown;
}

/** Requests that go on until they are stopped. */
export interface Load {
  /** What each client was answered so far, in order. */
  readonly answers: readonly (readonly Answered[])[];
  /** Resolves when every client has been answered so often since this was asked. */
  more(count: number): Promise<void>;
  /** Lets the clients finish. @throws what one of them failed with, such as a connection that broke */
  stop(): Promise<void>;
}

/** Clients that each send one prediction after another, without a pause, each on connections of its own pool. */
export function startLoad(client: ModelClient, input: object, clients: number): Load {
  const answers: Answered[][] = Array.from({ length: clients }, () => []);
  let stopped = false;
  let waiting: (() => void)[] = [];
  const run = async (own: Answered[]): Promise<void> => {
    while (!stopped) {
      own.push(inShort(await client.predict({ input })));
      for (const look of waiting) look();
    }
  };
  const running = Promise.all(answers.map(run));
  // A failure is told when the load is stopped.
  running.catch(() => undefined);
  return {
    answers,
    more: (count) => {
      const goals = answers.map(({ length }) => length + count);
      const arrived = new Promise<void>((resolve) => {
        const look = () => {
          if (answers.every(({ length }, index) => length >= (goals[index] ?? 0))) resolve();
        };
        waiting.push(look);
      });
      return Promise.race([arrived, running.then(() => undefined)]);
    },
    stop: async () => {
      stopped = true;
      await running;
      waiting = [];
    },
  };
}

function inShort({ status, body }: Answer): Answered {
  return { status, version: body?.version, value: body?.prediction?.yield?.value };
}

import { describe, expect, it } from 'vitest';
import { parseDefinition, UnsupportedDefinition } from '../../../../local/stepfunctions/asl/definition.ts';
import { StateError } from '../../../../local/stepfunctions/asl/errors.ts';
import { interpret, type StateEvent } from '../../../../local/stepfunctions/asl/interpreter.ts';
import { ManualClock } from '../../core/support/manual-clock.ts';

type Task = (resource: string, parameters: unknown, attempt: number) => unknown;

const CONTEXT = {
  Execution: {
    Id: 'arn:execution',
    Input: { first: true },
    Name: 'monday',
    RoleArn: 'arn:role',
    StartTime: '2026-01-01T00:00:00.000Z',
  },
  StateMachine: { Id: 'arn:machine', Name: 'machine' },
};

/** An execution whose tasks a function does, and whose time a test drives. */
function begin(states: object, input: unknown = {}, task: Task = () => null) {
  const clock = new ManualClock();
  const events: StateEvent[] = [];
  const abort = new AbortController();
  let calls = 0;
  const [StartAt = ''] = Object.keys(states);
  const result = interpret(
    {
      definition: parseDefinition({ StartAt, States: states }),
      context: CONTEXT,
      clock,
      random: () => 0.5,
      signal: abort.signal,
      runTask: async (resource, parameters) => task(resource, parameters, ++calls),
      record: (event) => events.push(event),
    },
    input,
  );
  result.catch(() => undefined);
  return { result, clock, events, abort, calls: () => calls };
}

const run = (states: object, input?: unknown, task?: Task) => begin(states, input, task).result;

/** Lets everything go on that waits for nothing but promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const END = { End: true };
const fails =
  (error: string, cause = 'so') =>
  () => {
    throw new StateError(error, cause);
  };

describe('data between states', () => {
  it('is what InputPath, Parameters, ResultSelector, ResultPath and OutputPath make of it', async () => {
    let sent: unknown;
    const task = {
      Type: 'Task',
      Resource: 'arn:task',
      InputPath: '$.in',
      Parameters: {
        fixed: [1, { 'deep.$': '$.list[1]' }],
        'name.$': '$$.Execution.Name',
        'state.$': '$$.State.Name',
        'all.$': '$',
      },
      ResultSelector: { 'kept.$': '$.answer' },
      ResultPath: '$.made.here',
      OutputPath: '$.made',
      ...END,
    };
    const output = await run({ Work: task }, { in: { list: ['a', 'b'] } }, (_, parameters) => {
      sent = parameters;
      return { answer: 42, dropped: true };
    });

    expect(sent).toEqual({
      fixed: [1, { deep: 'b' }],
      name: 'monday',
      state: 'Work',
      all: { list: ['a', 'b'] },
    });
    expect(output).toEqual({ here: { kept: 42 } });
  });

  it('stays where a result is thrown away, and goes where an input is', async () => {
    const dropped = { Type: 'Task', Resource: 'arn:task', ResultPath: null, ...END };
    expect(await run({ A: dropped }, { a: 1 }, () => 'result')).toEqual({ a: 1 });
    expect(await run({ A: { Type: 'Pass', InputPath: null, ...END } }, { a: 1 })).toEqual({});
    expect(await run({ A: { Type: 'Pass', Result: { b: null }, ...END } }, { a: 1 })).toEqual({ b: null });
    expect(await run({ A: { Type: 'Succeed' } }, [1])).toEqual([1]);
  });

  it('is a failure that nothing catches where a path finds nothing, or where it is too large', async () => {
    const caught = {
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
    };
    const lost = { Type: 'Task', Resource: 'arn:task', InputPath: '$.nowhere', ...caught, ...END };
    await expect(run({ A: lost, B: { Type: 'Succeed' } })).rejects.toMatchObject({
      error: 'States.Runtime',
      errorCause: expect.stringContaining("'$.nowhere'"),
    });
    const large = { Type: 'Task', Resource: 'arn:task', ...END };
    await expect(run({ A: large }, {}, () => 'x'.repeat(256 * 1024))).rejects.toMatchObject({
      error: 'States.DataLimitExceeded',
    });
  });
});

describe('a choice', () => {
  const choice = (rule: object) => ({
    A: { Type: 'Choice', Choices: [{ Variable: '$.v', ...rule, Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Pass', Result: 'yes', ...END },
    No: { Type: 'Pass', Result: 'no', ...END },
  });

  it.each([
    [{ BooleanEquals: false }, false, true],
    [{ StringEquals: 'a' }, 'a', 'b'],
    [{ NumericEquals: 0 }, 0, 1],
    [{ NumericGreaterThan: 0 }, 1, 0],
    [{ NumericGreaterThanEquals: 1 }, 1, 0],
    [{ NumericLessThan: 0 }, -1, 0],
    [{ NumericLessThanEquals: 0 }, 0, 1],
    [{ IsNull: true }, null, 0],
  ])('by %j tells %j from %j', async (rule, yes, no) => {
    expect(await run(choice(rule), { v: yes })).toBe('yes');
    expect(await run(choice(rule), { v: no })).toBe('no');
  });

  it('may ask whether there is anything, and must not ask about nothing', async () => {
    expect(await run(choice({ IsPresent: true }), { v: null })).toBe('yes');
    expect(await run(choice({ IsPresent: true }), {})).toBe('no');
    await expect(run(choice({ NumericEquals: 1 }), {})).rejects.toMatchObject({ error: 'States.Runtime' });
  });

  it('fails where none holds and there is no default', async () => {
    const states = {
      A: { Type: 'Choice', Choices: [{ Variable: '$.v', StringEquals: 'a', Next: 'B' }] },
      B: { Type: 'Succeed' },
    };
    await expect(run(states, { v: 'b' })).rejects.toMatchObject({ error: 'States.NoChoiceMatched' });
  });

  it('leads back as often as it has to', async () => {
    const states = {
      Count: { Type: 'Task', Resource: 'arn:count', Next: 'Enough' },
      Enough: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericLessThan: 3, Next: 'Count' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
    };
    expect(await run(states, {}, (_, __, attempt) => ({ n: attempt }))).toEqual({ n: 3 });
  });
});

describe('retries', () => {
  const retried = (retrier: object) => ({
    A: { Type: 'Task', Resource: 'arn:task', Retry: [{ ErrorEquals: ['Busy'], ...retrier }], ...END },
  });

  it('wait longer each time, up to the longest delay, as often as declared', async () => {
    const states = retried({ IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 3 });
    const { result, clock, calls } = begin(states, {}, fails('Busy'));

    for (const [done, seconds] of [
      [1, 2],
      [2, 6],
      [3, 10],
    ] as const) {
      await settle();
      expect(calls()).toBe(done);
      clock.advance(seconds * 1000 - 1);
      await settle();
      expect(calls()).toBe(done);
      clock.advance(1);
    }
    await expect(result).rejects.toMatchObject({ error: 'Busy' });
    expect(calls()).toBe(4);
  });

  it('with full jitter wait a part of it', async () => {
    const states = retried({ IntervalSeconds: 10, JitterStrategy: 'FULL' });
    const { result, clock } = begin(states, {}, (_, __, attempt) => (attempt === 1 ? fails('Busy')() : 'ok'));

    await settle();
    clock.advance(5000);
    expect(await result).toBe('ok');
  });

  it('are for the errors that they name', async () => {
    await expect(run(retried({}), {}, fails('Broken'))).rejects.toMatchObject({ error: 'Broken' });
    const never = { A: { ...retried({}).A, Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 0 }] } };
    await expect(run(never, {}, fails('Busy'))).rejects.toMatchObject({ error: 'Busy' });
  });
});

describe('failures', () => {
  const caught = (ErrorEquals: string[]) => ({
    A: {
      Type: 'Task',
      Resource: 'arn:task',
      Catch: [{ ErrorEquals, ResultPath: '$.error', Next: 'B' }],
      ...END,
    },
    B: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  });

  it('are caught by name, by all, or as the failure of a task, and told', async () => {
    for (const names of [['Broken'], ['States.ALL'], ['Other', 'States.TaskFailed']]) {
      const { result, events } = begin(caught(names), { a: 1 }, fails('Broken', 'because'));
      await expect(result).rejects.toMatchObject({ error: 'Broken', errorCause: 'because' });
      expect(events.at(-1)).toEqual({
        kind: 'entered',
        state: 'B',
        type: 'Fail',
        input: { a: 1, error: { Error: 'Broken', Cause: 'because' } },
      });
    }
  });

  it('are not caught by other names', async () => {
    const { result, events } = begin(caught(['Other']), {}, fails('Broken'));
    await expect(result).rejects.toMatchObject({ error: 'Broken' });
    expect(events.map(({ kind }) => kind)).toEqual(['entered', 'task-failed']);
  });

  it('are of time where a task takes too long, which is no failure of the task', async () => {
    const slow = { ...caught(['States.TaskFailed']).A, TimeoutSeconds: 60 };
    const { result, clock } = begin(
      { A: slow, B: { Type: 'Succeed' } },
      {},
      () => new Promise(() => undefined),
    );
    await settle();
    clock.advance(59_999);
    await settle();
    clock.advance(1);
    await expect(result).rejects.toMatchObject({ error: 'States.Timeout' });
  });

  it('end the execution at once where it is stopped, in a task and in a wait', async () => {
    const hanging = { A: { Type: 'Task', Resource: 'arn:task', ...END } };
    const task = begin(hanging, {}, () => new Promise(() => undefined));
    const wait = begin({ A: { Type: 'Wait', Seconds: 60, ...END } });
    for (const { result, abort } of [task, wait]) {
      await settle();
      abort.abort(new Error('stopped'));
      await expect(result).rejects.toThrow('stopped');
    }
    expect(wait.clock.waiting).toBe(0);
  });
});

describe('a definition', () => {
  const parse =
    (state: object, more: object = {}) =>
    () =>
      parseDefinition({ StartAt: 'A', States: { A: state, ...more } });

  it.each([
    ['a map', { Type: 'Map', ItemProcessor: {}, ...END }, 'States.A.Type'],
    ['JSONata', { Type: 'Pass', QueryLanguage: 'JSONata', ...END }, 'QueryLanguage'],
    [
      'an intrinsic function',
      { Type: 'Pass', Parameters: { 'a.$': "States.Format('{}', $.b)" }, ...END },
      'intrinsic functions are not interpreted',
    ],
    ['a heartbeat', { Type: 'Task', Resource: 'arn:task', HeartbeatSeconds: 5, ...END }, 'HeartbeatSeconds'],
    ['a choice of choices', { Type: 'Choice', Choices: [{ And: [], Next: 'A' }] }, 'States.A.Choices.0'],
    ['a step into nothing', { Type: 'Pass', Next: 'Nowhere' }, 'A leads to Nowhere'],
  ])('with %s is refused, and says so', (_, state, message) => {
    expect(parse(state)).toThrow(UnsupportedDefinition);
    expect(parse(state)).toThrow(message);
  });
});

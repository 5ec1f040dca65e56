import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FaultRequest, faultSchema } from '../../../local/faults/fault.ts';
import { type Call, Faults, type ServiceInvocation, type TaskAttempt } from '../../../local/faults/faults.ts';
import { ManualClock } from '../core/support/manual-clock.ts';

const ERROR = { status: 500, code: 'InternalServerError', message: 'down' };

const CALL: Call = {
  at: 'call',
  service: 'dynamodb',
  operation: 'PutItem',
  resources: ['arn:aws:dynamodb:us-east-1:0:table/wheat'],
  caller: { roleArn: 'arn:aws:iam::0:role/path/writer', sessionName: 'predict' },
};
const INVOCATION: ServiceInvocation = {
  at: 'invocation',
  functionNames: ['predict', 'predict:live', 'arn:aws:lambda:us-east-1:0:function:predict:live'],
  from: 'apigateway',
};
const TASK: TaskAttempt = {
  at: 'task',
  stateMachine: { name: 'batch', arn: 'arn:aws:states:us-east-1:0:stateMachine:batch' },
  state: 'Transform',
  resource: 'arn:aws:states:::sagemaker:createTransformJob.sync',
};

let clock: ManualClock;
let faults: Faults;

beforeEach(() => {
  clock = new ManualClock();
  faults = new Faults(clock);
});

describe('a fault', () => {
  it.each<[string, FaultRequest, Call | ServiceInvocation | TaskAttempt]>([
    ['a service', { service: 'dynamodb', error: ERROR }, CALL],
    ['an operation', { service: 'dynamodb', operation: 'PutItem', error: ERROR }, CALL],
    ['a part of a resource', { service: 'dynamodb', resource: 'table/wheat', error: ERROR }, CALL],
    ["a role's name", { service: 'dynamodb', role: 'writer', error: ERROR }, CALL],
    ["a role's ARN", { service: 'dynamodb', role: 'arn:aws:iam::0:role/path/writer', error: ERROR }, CALL],
    ['a function that calls', { service: 'dynamodb', function: 'predict', error: ERROR }, CALL],
    ['any function', { at: 'invocation', error: ERROR }, INVOCATION],
    ['a function', { at: 'invocation', function: 'predict', error: ERROR }, INVOCATION],
    ['an alias', { at: 'invocation', function: 'predict:live', error: ERROR }, INVOCATION],
    ['who invokes', { at: 'invocation', from: 'apigateway', error: ERROR }, INVOCATION],
    ['any task', { at: 'task', error: ERROR }, TASK],
    ['a state machine', { at: 'task', stateMachine: 'batch', error: ERROR }, TASK],
    ['a state', { at: 'task', state: 'Transform', error: ERROR }, TASK],
    ['a kind of task', { at: 'task', resource: 'createTransformJob', error: ERROR }, TASK],
  ])('strikes by %s', async (_, fault, target) => {
    faults.add(fault);

    expect(await faults.strike(target)).toEqual(ERROR);
  });

  it.each<[string, FaultRequest, Call | ServiceInvocation | TaskAttempt]>([
    ['another service', { service: 'sqs', error: ERROR }, CALL],
    ['another operation', { service: 'dynamodb', operation: 'GetItem', error: ERROR }, CALL],
    ['another resource', { service: 'dynamodb', resource: 'table/barley', error: ERROR }, CALL],
    ['another role', { service: 'dynamodb', role: 'write', error: ERROR }, CALL],
    ['another caller', { service: 'dynamodb', function: 'feedback', error: ERROR }, CALL],
    [
      'a developer, where a role is named',
      { service: 'dynamodb', role: 'writer', error: ERROR },
      { ...CALL, caller: undefined },
    ],
    ['another function', { at: 'invocation', function: 'predict:other', error: ERROR }, INVOCATION],
    ['another invoker', { at: 'invocation', from: 'sqs', error: ERROR }, INVOCATION],
    ['another state machine', { at: 'task', stateMachine: 'bat', error: ERROR }, TASK],
    ['another state', { at: 'task', state: 'Split', error: ERROR }, TASK],
    ['another kind of task', { at: 'task', resource: 'lambda:invoke', error: ERROR }, TASK],
    ['another place', { at: 'task', error: ERROR }, INVOCATION],
    ['a task by what is about calls', { service: 'lambda', error: ERROR }, TASK],
  ])('lets pass %s', async (_, fault, target) => {
    faults.add({ times: 1, ...fault });

    expect(await faults.strike(target)).toBeUndefined();
    expect(faults.list()).toHaveLength(1);
  });

  it('strikes so often as it says, also those that come at once, and is over then', async () => {
    faults.add({ service: 'dynamodb', error: ERROR, delayMs: 10, times: 2 });
    const struck = [CALL, CALL, CALL].map((target) => faults.strike(target));
    expect(faults.list()).toEqual([]);
    clock.advance(10);

    expect(await Promise.all(struck)).toEqual([ERROR, ERROR, undefined]);
  });

  it('tells how often it strikes yet', async () => {
    const id = faults.add({ at: 'task', error: ERROR, times: 3 });
    await faults.strike(TASK);

    expect(faults.list()).toEqual([{ id, at: 'task', error: ERROR, times: 2 }]);
  });

  it('delays by the clock, and without an error lets go on', async () => {
    faults.add({ at: 'invocation', delayMs: 60_000 });
    let over = false;
    const struck = faults.strike(INVOCATION).then((error) => {
      over = true;
      return error;
    });
    clock.advance(59_999);
    await Promise.resolve();
    expect(over).toBe(false);
    clock.advance(1);

    expect(await struck).toBeUndefined();
  });

  it('is waited for no longer than somebody wants to', async () => {
    faults.add({ at: 'task', delayMs: 60_000 });
    const abort = new AbortController();
    const struck = faults.strike(TASK, abort.signal);
    abort.abort('stopped');

    await expect(struck).rejects.toBe('stopped');
    expect(clock.waiting).toBe(0);
  });

  it('that was added first strikes, and the next one once that is gone', async () => {
    const first = faults.add({ service: 'dynamodb', error: ERROR });
    faults.add({ service: 'dynamodb', error: { ...ERROR, code: 'Later' } });

    expect((await faults.strike(CALL))?.code).toBe('InternalServerError');
    expect(faults.remove(first)).toBe(true);
    expect(faults.remove(first)).toBe(false);
    expect((await faults.strike(CALL))?.code).toBe('Later');
    faults.clear();
    expect(await faults.strike(CALL)).toBeUndefined();
  });

  it('strikes exactly as often as it says, whatever else there is', async () => {
    const limits = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(limits, fc.nat(30), async (times, calls) => {
        const injector = new Faults(clock);
        for (const limit of times) injector.add({ service: 'dynamodb', error: ERROR, times: limit });
        let struck = 0;
        for (let call = 0; call < calls; call += 1) if (await injector.strike(CALL)) struck += 1;
        const total = times.reduce((sum, limit) => sum + limit, 0);

        expect(struck).toBe(Math.min(calls, total));
      }),
    );
  });
});

describe('what is sent as a fault', () => {
  it('is about calls where it does not say', () => {
    expect(faultSchema.parse({ service: 'sqs', delayMs: 0 })).toEqual({
      at: 'call',
      service: 'sqs',
      delayMs: 0,
    });
  });

  it.each<[string, Fault]>([
    ["a function's own error", { at: 'invocation', error: { status: 200, code: 'TypeError', message: 'x' } }],
    [
      'the error of a task, which has no status',
      { at: 'task', error: { code: 'States.Timeout', message: '' } },
    ],
  ])('may be %s', (_, fault) => {
    expect(faultSchema.parse(fault)).toEqual(fault);
  });

  it.each<[string, unknown]>([
    ['a call that succeeds', { service: 'sqs', error: { status: 200, code: 'x', message: '' } }],
    ['an unknown place', { at: 'database', delayMs: 1 }],
    ['no time at all', { at: 'task', delayMs: 1, times: 0 }],
    ['half a time', { at: 'task', delayMs: 1, times: 1.5 }],
    ['a delay of more than ten minutes', { at: 'task', delayMs: 600_001 }],
    ['what belongs to another place', { at: 'task', service: 'lambda', delayMs: 1 }],
    ['no effect', { at: 'invocation' }],
    ['no object', null],
  ])('may not be %s', (_, fault) => {
    expect(faultSchema.safeParse(fault).success).toBe(false);
  });
});

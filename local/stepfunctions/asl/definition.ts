import { z } from 'zod';

/** The parts of the Amazon States Language that are interpreted. Whatever else a definition holds is refused by name. */

const path = z.string().regex(/^\$/);
const nullablePath = path.nullable();

const retrier = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.number().positive().default(1),
  MaxAttempts: z.int().nonnegative().default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.number().positive().optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});

const catcher = z.strictObject({
  ErrorEquals: z.array(z.string()).min(1),
  ResultPath: nullablePath.default('$'),
  Next: z.string(),
});

const common = {
  Comment: z.string().optional(),
  InputPath: nullablePath.default('$'),
  OutputPath: nullablePath.default('$'),
};

/** A state leads to another one, or is the last. */
const onward = { Next: z.string().optional(), End: z.literal(true).optional() };

const template = z.record(z.string(), z.unknown());

const pass = z.strictObject({
  Type: z.literal('Pass'),
  ...common,
  ...onward,
  Result: z.unknown().optional(),
  Parameters: template.optional(),
  ResultPath: nullablePath.default('$'),
});

const task = z.strictObject({
  Type: z.literal('Task'),
  ...common,
  ...onward,
  Resource: z.string(),
  Parameters: template.optional(),
  ResultSelector: template.optional(),
  ResultPath: nullablePath.default('$'),
  TimeoutSeconds: z.number().positive().optional(),
  Retry: z.array(retrier).default([]),
  Catch: z.array(catcher).default([]),
});

const comparison = {
  Variable: path,
  IsPresent: z.boolean().optional(),
  IsNull: z.boolean().optional(),
  BooleanEquals: z.boolean().optional(),
  StringEquals: z.string().optional(),
  NumericEquals: z.number().optional(),
  NumericLessThan: z.number().optional(),
  NumericLessThanEquals: z.number().optional(),
  NumericGreaterThan: z.number().optional(),
  NumericGreaterThanEquals: z.number().optional(),
};

const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...common,
  Choices: z
    .array(
      z
        .strictObject({ ...comparison, Next: z.string() })
        .refine((rule) => Object.keys(rule).length === 3, 'is not one comparison of one variable'),
    )
    .min(1),
  Default: z.string().optional(),
});

const wait = z.strictObject({
  Type: z.literal('Wait'),
  ...common,
  ...onward,
  Seconds: z.number().nonnegative(),
});

const succeed = z.strictObject({ Type: z.literal('Succeed'), ...common });

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ErrorPath: path.optional(),
  CausePath: path.optional(),
});

const state = z.discriminatedUnion('Type', [pass, task, choice, wait, succeed, fail]);

const definitionSchema = z.strictObject({
  Comment: z.string().optional(),
  StartAt: z.string(),
  QueryLanguage: z.literal('JSONPath').optional(),
  Version: z.string().optional(),
  TimeoutSeconds: z.number().positive().optional(),
  States: z.record(z.string(), state),
});

export type Definition = z.output<typeof definitionSchema>;
export type State = z.output<typeof state>;
export type TaskState = z.output<typeof task>;
export type ChoiceState = z.output<typeof choice>;
export type FailState = z.output<typeof fail>;
export type Retrier = z.output<typeof retrier>;

/** A definition that is not interpreted, or that leads nowhere; the message says where. */
export class UnsupportedDefinition extends Error {
  override readonly name = 'UnsupportedDefinition';
}

/** @throws {UnsupportedDefinition} */
export function parseDefinition(value: unknown): Definition {
  const parsed = definitionSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: place, message }) => `${place.join('.')}: ${message}`);
    throw new UnsupportedDefinition(problems.join('; '));
  }
  const problems = [...targetProblems(parsed.data), ...intrinsicProblems(parsed.data)];
  if (problems.length > 0) throw new UnsupportedDefinition(problems.join('; '));
  return parsed.data;
}

function targetProblems({ StartAt, States }: Definition): string[] {
  const targets = Object.entries(States).flatMap(([name, one]) => {
    const next = 'Next' in one && one.Next !== undefined ? [one.Next] : [];
    const caught = 'Catch' in one ? one.Catch.map(({ Next }) => Next) : [];
    const chosen = one.Type === 'Choice' ? [...one.Choices.map(({ Next }) => Next), one.Default] : [];
    return [...next, ...caught, ...chosen].flatMap((target) =>
      target === undefined ? [] : [{ name, target }],
    );
  });
  return [{ name: 'StartAt', target: StartAt }, ...targets]
    .filter(({ target }) => !Object.hasOwn(States, target))
    .map(({ name, target }) => `${name} leads to ${target}, which does not exist`);
}

/** Intrinsic functions stand where a path would. */
function intrinsicProblems(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    if (key.endsWith('.$') && typeof one === 'string' && !one.startsWith('$'))
      return [`intrinsic functions are not interpreted (${one})`];
    return intrinsicProblems(one);
  });
}

import type { ChoiceState } from './definition.ts';
import { StateError } from './errors.ts';
import { find } from './paths.ts';

type Rule = ChoiceState['Choices'][number];

/** The state that a choice leads to. @throws {StateError} States.NoChoiceMatched */
export function choose({ Choices, Default }: ChoiceState, data: unknown, context: unknown): string {
  const next = Choices.find((rule) => holds(rule, data, context))?.Next ?? Default;
  if (next === undefined) throw new StateError('States.NoChoiceMatched', 'No choice holds for the input');
  return next;
}

function holds(rule: Rule, data: unknown, context: unknown): boolean {
  const found = find(rule.Variable, data, context);
  if (rule.IsPresent !== undefined) return (found !== undefined) === rule.IsPresent;
  if (found === undefined)
    throw new StateError('States.Runtime', `The variable '${rule.Variable}' could not be found in the input`);
  const { value } = found;
  if (rule.IsNull !== undefined) return (value === null) === rule.IsNull;
  if (rule.BooleanEquals !== undefined) return value === rule.BooleanEquals;
  if (rule.StringEquals !== undefined) return value === rule.StringEquals;
  return typeof value === 'number' && compares(rule, value);
}

function compares(rule: Rule, value: number): boolean {
  if (rule.NumericEquals !== undefined) return value === rule.NumericEquals;
  if (rule.NumericLessThan !== undefined) return value < rule.NumericLessThan;
  if (rule.NumericLessThanEquals !== undefined) return value <= rule.NumericLessThanEquals;
  if (rule.NumericGreaterThan !== undefined) return value > rule.NumericGreaterThan;
  return rule.NumericGreaterThanEquals !== undefined && value >= rule.NumericGreaterThanEquals;
}

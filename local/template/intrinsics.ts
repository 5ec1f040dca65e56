import { type Place, templateError } from './errors.ts';

/** What evaluating an expression needs from around it. */
export interface Scope {
  ref(logicalId: string, place: Place): unknown;
  attribute(logicalId: string, name: string, place: Place): unknown;
  condition(name: string, place: Place): boolean;
  mapping(map: string, top: string, second: string, place: Place): unknown;
  importValue(name: string, place: Place): unknown;
  readonly region: string;
}

/** `AWS::NoValue`: the property or list element that holds it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Argument = (value: unknown, place: Place) => unknown;
type Intrinsic = (argument: unknown, place: Place, scope: Scope, evaluate: Argument) => unknown;

/** Evaluates every intrinsic function within a value. */
export function evaluate(value: unknown, place: Place, scope: Scope): unknown {
  const inner: Argument = (nested, where) => evaluate(nested, where, scope);
  if (Array.isArray(value)) {
    return value
      .map((item, index) => inner(item, below(place, String(index))))
      .filter((item) => item !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, argument] = only;
    const intrinsic = INTRINSICS[name];
    if (intrinsic !== undefined) return intrinsic(argument, place, scope, inner);
    if (name.startsWith('Fn::')) throw templateError(place, value, `${name} is not known to the local cloud`);
  }
  const result: Record<string, unknown> = {};
  for (const [name, nested] of entries) {
    const evaluated = inner(nested, below(place, name));
    if (evaluated !== NO_VALUE) result[name] = evaluated;
  }
  return result;
}

function below(place: Place, step: string): Place {
  return { ...place, path: [...place.path, step] };
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, place, scope) => scope.ref(text(argument, place), place),
  Condition: (argument, place, scope) => scope.condition(text(argument, place), place),
  'Fn::GetAtt': (argument, place, scope, inner) => {
    const [logicalId, ...rest] = Array.isArray(argument) ? argument : text(argument, place).split('.');
    const name = rest.map((part) => text(inner(part, place), place)).join('.');
    return scope.attribute(text(logicalId, place), name, place);
  },
  'Fn::Join': (argument, place, _scope, inner) => {
    const [separator, items] = list(argument, place, 2);
    const parts = array(inner(items, place), place);
    return parts.map((part) => text(part, place)).join(text(separator, place));
  },
  'Fn::Sub': (argument, place, scope, inner) => {
    const [template, variables] = Array.isArray(argument) ? list(argument, place, 2) : [argument, {}];
    return substitute(text(template, place), record(variables, place), place, scope, inner);
  },
  'Fn::Select': (argument, place, _scope, inner) => {
    const [position, items] = list(argument, place, 2);
    const index = Number(inner(position, place));
    const candidates = array(inner(items, place), place);
    if (!Number.isInteger(index) || index < 0 || index >= candidates.length) {
      throw templateError(
        place,
        argument,
        `Fn::Select asks for element ${index} of a list of ${candidates.length}`,
      );
    }
    return candidates[index];
  },
  'Fn::Split': (argument, place, _scope, inner) => {
    const [separator, source] = list(argument, place, 2);
    return text(inner(source, place), place).split(text(separator, place));
  },
  'Fn::If': (argument, place, scope, inner) => {
    const [condition, whenTrue, whenFalse] = list(argument, place, 3);
    return inner(scope.condition(text(condition, place), place) ? whenTrue : whenFalse, place);
  },
  'Fn::Equals': (argument, place, _scope, inner) => {
    const [left, right] = list(argument, place, 2).map((side) => inner(side, place));
    return scalar(left, place) === scalar(right, place);
  },
  'Fn::And': (argument, place, _scope, inner) =>
    array(argument, place).every((one) => boolean(inner(one, place), place)),
  'Fn::Or': (argument, place, _scope, inner) =>
    array(argument, place).some((one) => boolean(inner(one, place), place)),
  'Fn::Not': (argument, place, _scope, inner) => !boolean(inner(list(argument, place, 1)[0], place), place),
  'Fn::FindInMap': (argument, place, scope, inner) => {
    const [map, top, second] = array(argument, place).map((key) => text(inner(key, place), place));
    return scope.mapping(map ?? '', top ?? '', second ?? '', place);
  },
  'Fn::ImportValue': (argument, place, scope, inner) =>
    scope.importValue(text(inner(argument, place), place), place),
  'Fn::Base64': (argument, place, _scope, inner) =>
    Buffer.from(text(inner(argument, place), place), 'utf8').toString('base64'),
  'Fn::GetAZs': (_argument, _place, scope) => ['a', 'b', 'c'].map((zone) => `${scope.region}${zone}`),
  'Fn::ToJsonString': (argument, place, _scope, inner) => JSON.stringify(inner(argument, place)),
  'Fn::Length': (argument, place, _scope, inner) => array(inner(argument, place), place).length,
};

function substitute(
  template: string,
  variables: Readonly<Record<string, unknown>>,
  place: Place,
  scope: Scope,
  inner: Argument,
): string {
  return template.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    // `${!Literal}` is how a template writes `${Literal}` itself.
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in variables) return text(inner(variables[name], place), place);
    const [logicalId, ...attribute] = name.split('.');
    if (logicalId === undefined || logicalId === '')
      throw templateError(place, template, `${whole} names nothing`);
    const value =
      attribute.length === 0
        ? scope.ref(logicalId, place)
        : scope.attribute(logicalId, attribute.join('.'), place);
    return text(value, place);
  });
}

function text(value: unknown, place: Place): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw templateError(place, value, 'expected a string');
}

/** CloudFormation compares parameters and literals as strings, so that 1 equals "1". */
function scalar(value: unknown, place: Place): string {
  return Array.isArray(value) ? JSON.stringify(value) : text(value, place);
}

function boolean(value: unknown, place: Place): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw templateError(place, value, 'expected a condition');
}

function array(value: unknown, place: Place): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw templateError(place, value, 'expected a list');
}

function list(value: unknown, place: Place, length: number): readonly unknown[] {
  const items = array(value, place);
  if (items.length !== length)
    throw templateError(place, value, `expected ${length} arguments, got ${items.length}`);
  return items;
}

function record(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw templateError(place, value, 'expected a map of variables');
}

import { type Place, templateError } from './errors.ts';
import { NO_VALUE } from './intrinsics.ts';
import type { Stack } from './model.ts';
import { stableId } from './physical-name.ts';

/** What a pseudo parameter such as `AWS::Region` stands for; undefined for any other name. */
export function pseudoParameter(stack: Stack, name: string): unknown {
  switch (name) {
    case 'AWS::AccountId':
      return stack.accountId;
    case 'AWS::Region':
      return stack.region;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stack.name;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${stack.region}:${stack.accountId}:stack/${stack.name}/${stableId(stack.name, 12)}`;
    case 'AWS::NotificationARNs':
      return [];
    case 'AWS::NoValue':
      return NO_VALUE;
    default:
      return undefined;
  }
}

/** The type of a parameter whose default is the name that its value is stored under. */
const STORED = /^AWS::SSM::Parameter::Value<(.+)>$/;

/**
 * The default of a template parameter: nobody is there to give another value. Where the default names a parameter of SSM,
 * it is the value that `stored` finds under that name.
 * @throws {TemplateError} where it has none
 */
export function parameterValue(
  name: string,
  parameter: { Type: string; Default?: unknown },
  place: Place,
  stored: (name: string) => unknown,
): unknown {
  const { Type: type, Default: given } = parameter;
  if (given === undefined) throw templateError(place, { Ref: name }, `${name} has no default value`);
  const [, storedType] = STORED.exec(type) ?? [];
  if (storedType === undefined) return split(type, given);
  const value = stored(String(given));
  if (value === undefined) {
    throw templateError(
      place,
      { Ref: name },
      `${name} takes its value from SSM, where no template stores ${String(given)}`,
    );
  }
  return split(storedType, value);
}

function split(type: string, value: unknown): unknown {
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  return isList
    ? String(value)
        .split(',')
        .map((item) => item.trim())
    : value;
}

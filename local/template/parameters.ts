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

/**
 * The default of a template parameter: nobody is there to give another value.
 * @throws {TemplateError} where it has none
 */
export function parameterValue(
  name: string,
  parameter: { Type: string; Default?: unknown },
  place: Place,
): unknown {
  if (parameter.Type.startsWith('AWS::SSM::Parameter::')) {
    throw templateError(place, { Ref: name }, `${name} takes its value from SSM, which is not emulated`);
  }
  if (parameter.Default === undefined)
    throw templateError(place, { Ref: name }, `${name} has no default value`);
  const isList = parameter.Type === 'CommaDelimitedList' || parameter.Type.startsWith('List<');
  return isList
    ? String(parameter.Default)
        .split(',')
        .map((item) => item.trim())
    : parameter.Default;
}

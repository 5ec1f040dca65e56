import { matchesArn } from '../core/iam/arn.ts';
import type { LocalResource } from '../template/resource-types.ts';
import { parseFunctionReference } from './arn.ts';
import { permissionProperties } from './properties.ts';

/** One statement of a function's resource policy (AWS::Lambda::Permission). */
export interface Permission {
  readonly name: string;
  readonly qualifier: string | undefined;
  readonly principal: string;
  readonly sourceArn: string | undefined;
}

const INVOKE_ACTIONS: readonly string[] = ['lambda:InvokeFunction', 'lambda:*', '*'];

/** The permissions to invoke that a template grants. */
export function readPermissions(resources: readonly LocalResource[]): readonly Permission[] {
  return resources.flatMap((resource) => {
    const { Action, FunctionName, Principal, SourceArn } = permissionProperties.parse(resource.properties);
    const target = parseFunctionReference(FunctionName);
    if (target === undefined)
      throw new Error(`${resource.path}: FunctionName ${FunctionName} names no function`);
    if (!INVOKE_ACTIONS.includes(Action)) return [];
    return [{ name: target.name, qualifier: target.qualifier, principal: Principal, sourceArn: SourceArn }];
  });
}

/** Whether one of the permissions lets a service invoke the function (or exactly that alias or version of it). */
export function permits(
  permissions: readonly Permission[],
  functionArn: string,
  principal: string,
  sourceArn: string,
): boolean {
  const target = parseFunctionReference(functionArn);
  return permissions.some(
    (one) =>
      one.name === target?.name &&
      one.qualifier === target.qualifier &&
      (one.principal === principal || one.principal === '*') &&
      (one.sourceArn === undefined || matchesArn(one.sourceArn, sourceArn)),
  );
}

import { z } from 'zod';
import { arnOf, nameOf } from '../template/naming.ts';
import type { Identity, LocalResource, Unidentified } from '../template/resource-types.ts';

export const PARAMETER = 'AWS::SSM::Parameter';

/** A parameter as the API answers it. */
export interface Parameter {
  readonly Name: string;
  readonly ARN: string;
  readonly Type: 'String' | 'StringList';
  readonly DataType: string;
  readonly Value: string;
  readonly Version: number;
  /** Seconds since the epoch. */
  readonly LastModifiedDate: number;
}

/** Where a parameter lies. */
type Place = Pick<Unidentified, 'region' | 'accountId'>;

const propertiesSchema = z.looseObject({
  Type: z.enum(['String', 'StringList']),
  Value: z.string(),
  DataType: z.string().default('text'),
});

/** What `Ref` and `Fn::GetAtt` answer (CloudFormation reference, AWS::SSM::Parameter, "Return values"). */
export function identifyParameter(resource: Unidentified): Identity {
  const attributes = { Type: String(resource.property('Type')), Value: String(resource.property('Value')) };
  return { ref: nameOf(resource, 'Name'), attributes };
}

/**
 * @param deployedAt in milliseconds since the epoch
 * @throws {Error} that names the resource where its properties are not as CloudFormation takes them
 */
export function readParameter(resource: LocalResource, place: Place, deployedAt: number): Parameter {
  const read = propertiesSchema.safeParse(resource.properties);
  if (!read.success) throw new Error(`${resource.path}: ${z.prettifyError(read.error)}`);
  const { Type, Value, DataType } = read.data;
  return {
    Name: resource.ref,
    ARN: parameterArn(resource.ref, place),
    Type,
    DataType,
    Value,
    Version: 1,
    LastModifiedDate: deployedAt / 1000,
  };
}

/** A slash that a name begins with is the one of the ARN (Systems Manager user guide, "Parameter Store", on ARNs). */
export function parameterArn(name: string, place: Place): string {
  return arnOf('ssm', place, `parameter/${name.replace(/^\//, '')}`);
}

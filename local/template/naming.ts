import { physicalName } from './physical-name.ts';
import type { Unidentified } from './resource-types.ts';

/** The property that names a resource, or the name that CloudFormation would make up. */
export function nameOf(resource: Unidentified, property: string, maxLength?: number): string {
  const given = resource.property(property);
  return typeof given === 'string' && given !== '' ? given : physicalName(resource, maxLength);
}

/** The ARN of something in the resource's account and region. */
export function arnOf(
  service: string,
  resource: Pick<Unidentified, 'region' | 'accountId'>,
  name: string,
): string {
  return `arn:aws:${service}:${resource.region}:${resource.accountId}:${name}`;
}

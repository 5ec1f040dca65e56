import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import { StateError } from '../asl/errors.ts';

/** Faults strike these calls too, although they do not come through the front door. */
export function failInjected(
  cloud: LocalCloud,
  service: string,
  operation: string,
  resource: string,
  prefix: string,
): void {
  const error = cloud.faults.match(service, operation, [resource])?.error;
  if (error === undefined) return;
  const name = prefix === 'SageMaker' ? 'AmazonSageMakerException' : error.code;
  throw new StateError(`${prefix}.${name}`, `${error.message} (${error.code})`);
}

import type { Hosting } from '../../contract/deployment/deployment.ts';

/** What SageMaker begins the names of a model's log groups with, and the namespace of its containers' metrics. */
export function logNamespace(hosting: Hosting): string {
  const isComponent = 'scaleToZero' in hosting && hosting.scaleToZero !== undefined;
  return `/aws/sagemaker/${isComponent ? 'InferenceComponents' : 'Endpoints'}`;
}

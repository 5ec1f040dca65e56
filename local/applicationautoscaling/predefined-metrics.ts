import type { MinuteMetric } from '../cloudwatch/minute-value.ts';

/** A variant of an endpoint, from the id it is registered under. */
function variantDimensions(resourceId: string): Readonly<Record<string, string>> | undefined {
  const { EndpointName, VariantName } =
    /^endpoint\/(?<EndpointName>[^/]+)\/variant\/(?<VariantName>[^/]+)$/.exec(resourceId)?.groups ?? {};
  return EndpointName === undefined || VariantName === undefined ? undefined : { EndpointName, VariantName };
}

/** A function's alias or version, likewise. */
function functionDimensions(resourceId: string): Readonly<Record<string, string>> | undefined {
  const { FunctionName, qualifier } =
    /^function:(?<FunctionName>[^:]+):(?<qualifier>[^:]+)$/.exec(resourceId)?.groups ?? {};
  return FunctionName === undefined || qualifier === undefined
    ? undefined
    : { FunctionName, Resource: `${FunctionName}:${qualifier}` };
}

/** An inference component, likewise. */
function componentDimensions(resourceId: string): Readonly<Record<string, string>> | undefined {
  const { InferenceComponentName } =
    /^inference-component\/(?<InferenceComponentName>[^/]+)$/.exec(resourceId)?.groups ?? {};
  return InferenceComponentName === undefined ? undefined : { InferenceComponentName };
}

type Described = Omit<MinuteMetric, 'dimensions'> & {
  readonly dimensionsOf: (resourceId: string) => Readonly<Record<string, string>> | undefined;
};

/** What Application Auto Scaling reads by the name of a predefined metric. */
const PREDEFINED: Readonly<Record<string, Described>> = {
  SageMakerVariantInvocationsPerInstance: {
    namespace: 'AWS/SageMaker',
    name: 'InvocationsPerInstance',
    statistic: 'Sum',
    dimensionsOf: variantDimensions,
  },
  SageMakerVariantProvisionedConcurrencyUtilization: {
    namespace: 'AWS/SageMaker',
    name: 'ServerlessProvisionedConcurrencyUtilization',
    statistic: 'Average',
    dimensionsOf: variantDimensions,
  },
  SageMakerInferenceComponentInvocationsPerCopy: {
    namespace: 'AWS/SageMaker',
    name: 'InvocationsPerCopy',
    statistic: 'Sum',
    dimensionsOf: componentDimensions,
  },
  LambdaProvisionedConcurrencyUtilization: {
    namespace: 'AWS/Lambda',
    name: 'ProvisionedConcurrencyUtilization',
    statistic: 'Average',
    dimensionsOf: functionDimensions,
  },
};

/** The metric behind a predefined one; undefined where it is not known here, or not of such a resource. */
export function predefinedMetric(type: string, resourceId: string): MinuteMetric | undefined {
  const described = PREDEFINED[type];
  const dimensions = described?.dimensionsOf(resourceId);
  if (described === undefined || dimensions === undefined) return undefined;
  const { namespace, name, statistic } = described;
  return { namespace, name, statistic, dimensions };
}

import { type Container, DEFAULT_CONTAINER, processorOf } from '../../contract/deployment/containers.ts';
import type { EndpointHosting } from '../../contract/deployment/deployment.ts';
import { acceleratorOf } from '../hosting/instance-families.ts';

const ON_INSTANCES = "Use { mode: 'realtime', … }";

/**
 * What of a container its instances, or the lack of them, can't run. Serverless endpoints have no GPU, and take images of
 * up to 10 GB (SageMaker developer guide, "Deploy models with Amazon SageMaker Serverless Inference"); Triton's hosting modes
 * are all on instances (developer guide, "Deploy models with Triton Inference Server").
 */
export function processorProblems(hosting: EndpointHosting): string[] {
  const { container } = hosting;
  const { kind } = container;
  const processor = processorOf(container);
  if (!('instanceType' in hosting)) {
    if (kind === 'triton') {
      return [
        `hosting.container is triton, which SageMaker runs on instances only: a serverless endpoint takes images of up to 10 GB. ${ON_INSTANCES}.`,
      ];
    }
    if (processor === 'cpu') return [];
    return [
      `hosting.container is ${kind} for GPUs, and a serverless endpoint has none. ${ON_INSTANCES} with a type such as ml.g5.xlarge, or processor: 'cpu'.`,
    ];
  }
  return acceleratorProblems({
    place: 'hosting.instanceType',
    instanceType: hosting.instanceType,
    container,
  });
}

export interface CheckedInstances {
  /** Where the instance type is declared. */
  readonly place: string;
  readonly instanceType: string;
  /** @default - Furrow's model server, where the hosting has no container that could be named */
  readonly container?: Container | undefined;
}

/** What instances and an image do not have in common: GPUs that the image computes on, or that it would leave idle. */
export function acceleratorProblems({ place, instanceType, container }: CheckedInstances): string[] {
  const { kind } = container ?? DEFAULT_CONTAINER;
  const processor = processorOf(container ?? DEFAULT_CONTAINER);
  const accelerator = acceleratorOf(instanceType);
  if (processor === 'gpu' && accelerator !== 'gpu') {
    return [
      `${place} is ${instanceType}, which has no GPU, and hosting.container is ${kind} for GPUs. Use a type such as ml.g5.xlarge, or processor: 'cpu'.`,
    ];
  }
  if (processor === 'cpu' && accelerator !== 'none') {
    const idle = accelerator === 'gpu' ? 'GPU' : 'accelerator';
    const image =
      container === undefined ? 'the model server, for CPUs,' : `hosting.container, ${kind} for CPUs,`;
    const remedy =
      container !== undefined && 'processor' in container
        ? `, or an image for GPUs with processor: 'gpu'`
        : '';
    return [
      `${place} is ${instanceType}, whose ${idle} ${image} would leave idle. Use a type such as ml.c6i.large${remedy}.`,
    ];
  }
  return [];
}

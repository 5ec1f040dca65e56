/**
 * What an instance type's name tells. SageMaker has no call that answers it before a deployment, so mistakes would show
 * only when an endpoint fails to start.
 */

/** The part of `ml.c6gd.large` between the dots. */
function familyOf(instanceType: string): string {
  return instanceType.split('.')[1] ?? '';
}

/** Families whose instances bring NVMe storage although their name has no `d`. */
const NVME_WITHOUT_D = /^(g5|g6|g6e|gr6|p5|p5e|p5en|p6|trn1|trn1n|trn2)(-|$)/;

/**
 * Whether the instances bring local NVMe storage: for those SageMaker takes neither a volume size nor a KMS key of the
 * volume (SageMaker API reference, CreateEndpointConfig `KmsKeyId` and ProductionVariant `VolumeSizeInGB`).
 */
export function hasInstanceStorage(instanceType: string): boolean {
  const family = familyOf(instanceType);
  return NVME_WITHOUT_D.test(family) || /^[a-z]+\d+[a-z]*d/.test(family);
}

/** Whether the processor is AWS Graviton, which runs arm64 images only. */
export function isArm(instanceType: string): boolean {
  return /^[a-z]+\d+g/.test(familyOf(instanceType));
}

/**
 * How many virtual processors an instance has, by its size: the families for hosting agree on 2 in a `large` and 4 in each
 * `xlarge` (Amazon EC2 instance types). Undefined for sizes that tell nothing, such as `metal`.
 */
export function vcpus(instanceType: string): number | undefined {
  const size = instanceType.split('.')[2] ?? '';
  if (size === 'large') return 2;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? undefined : 4 * Number(times || 1);
}

/** More than half of an instance has no room for another one, and the rest is for SageMaker's own programs. */
const COPY_SHARE = 0.75;

/** The virtual processors that a copy of a model is given, so that it has an instance to itself. */
export function copyVcpus(instanceType: string): number {
  const all = vcpus(instanceType);
  if (all === undefined) throw new Error(`nobody knows how many processors ${instanceType} has`);
  return all * COPY_SHARE;
}

/**
 * Whether the instances earn CPU credits: SageMaker does not scale these (developer guide, "Auto scaling prerequisites"),
 * and offers none for transform jobs (API reference, TransformResources `InstanceType`).
 */
export function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(familyOf(instanceType));
}

/** What a family's instances compute on besides their processor: GPUs, or an accelerator of AWS's own. */
export function acceleratorOf(instanceType: string): 'none' | 'gpu' | 'neuron' {
  const family = familyOf(instanceType);
  if (/^(p|g|gr)\d/.test(family)) return 'gpu';
  return /^(inf|trn)\d/.test(family) ? 'neuron' : 'none';
}

/**
 * Families with NVMe disks of their own that their names do not tell (EC2 user guide, "Instance store volumes"). In the
 * other families' names, a `d` after the generation does.
 */
const FAMILIES_WITH_DISKS: ReadonlySet<string> = new Set([
  'g5',
  'g6',
  'g6e',
  'gr6',
  'p5',
  'p5e',
  'p5en',
  'p6-b200',
  'trn1',
  'trn1n',
  'trn2',
]);

/**
 * Whether a SageMaker instance type has disks of its own. They are encrypted in hardware, and SageMaker refuses an endpoint
 * configuration that names a key for them (SageMaker API, `CreateEndpointConfig`, `KmsKeyId`).
 */
export function hasLocalStorage(instanceType: string): boolean {
  const [, family = ''] = instanceType.split('.');
  return FAMILIES_WITH_DISKS.has(family) || /^[a-z]+\d+[a-z]*d[a-z]*$/.test(family);
}

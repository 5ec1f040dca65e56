import { describe, expect, it } from 'vitest';
import { CONTAINERS, type ContainerName } from '../../../bin/verify/combinations/parts.ts';
import type { EndpointHosting } from '../../../contract/deployment/deployment.ts';
import { settingsFor } from '../../../contract/deployment/deployment.ts';
import { processorProblems } from '../../../lib/validation/processor-problems.ts';
import { ASYNCHRONOUS, deploymentOf, REALTIME, SERVERLESS } from '../support/models.ts';

function problemsOf(mode: object, name: ContainerName) {
  const hosting = { ...mode, container: CONTAINERS[name] } as Parameters<typeof deploymentOf>[0];
  return processorProblems(settingsFor(deploymentOf(hosting), 'dev').hosting as EndpointHosting);
}

describe('an image without a processor of its kind', () => {
  it.each<ContainerName>(['triton', 'triton for GPUs'])('%s does not run serverless', (name) => {
    expect(problemsOf(SERVERLESS, name)).toEqual([
      "hosting.container is triton, which SageMaker runs on instances only: a serverless endpoint takes images of up to 10 GB. Use { mode: 'realtime', … }.",
    ]);
  });

  it('finds no GPU in a serverless endpoint', () => {
    expect(problemsOf(SERVERLESS, 'pytorch for GPUs')).toEqual([
      "hosting.container is pytorch for GPUs, and a serverless endpoint has none. Use { mode: 'realtime', … } with a type such as ml.g5.xlarge, or processor: 'cpu'.",
    ]);
  });

  it.each([REALTIME, ASYNCHRONOUS])('finds no GPU in instances that have none: $mode', (hosting) => {
    expect(problemsOf(hosting, 'triton for GPUs')).toEqual([
      "hosting.instanceType is ml.c6i.large, which has no GPU, and hosting.container is triton for GPUs. Use a type such as ml.g5.xlarge, or processor: 'cpu'.",
    ]);
  });

  it.each(['ml.g5.xlarge', 'ml.g6e.xlarge', 'ml.gr6.4xlarge', 'ml.p5.48xlarge'])(
    'runs on %s, and another would leave its GPU idle',
    (instanceType) => {
      expect(problemsOf({ ...REALTIME, instanceType }, 'pytorch for GPUs')).toEqual([]);
      expect(problemsOf({ ...REALTIME, instanceType }, 'pytorch')).toEqual([
        `hosting.instanceType is ${instanceType}, whose GPU hosting.container, pytorch for CPUs, would leave idle. Use a type such as ml.c6i.large, or an image for GPUs with processor: 'gpu'.`,
      ]);
    },
  );

  it.each(['ml.inf2.xlarge', 'ml.trn1.2xlarge'])("leaves AWS's own accelerators idle: %s", (instanceType) => {
    expect(problemsOf({ ...REALTIME, instanceType }, 'serving')).toEqual([
      `hosting.instanceType is ${instanceType}, whose accelerator hosting.container, serving for CPUs, would leave idle. Use a type such as ml.c6i.large.`,
    ]);
    expect(problemsOf({ ...REALTIME, instanceType }, 'pytorch for GPUs')).toEqual([
      expect.stringContaining('which has no GPU'),
    ]);
  });
});

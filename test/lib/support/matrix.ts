import { verifyCases } from '../../../bin/verify/cases.ts';
import { artifactModel, computedModel, deploymentOf, JWT, REALTIME, SERVERLESS } from './models.ts';
import { type Synthesized, synthesizeModel } from './stack.ts';

const IAM = { kind: 'iam', requestsPerSecond: 20, burst: 40 } as const;

/** A model for every hosting mode and every way to close an API. */
const HOSTED = [
  { model: computedModel, hosting: { mode: 'lambda' } },
  { model: computedModel, hosting: { mode: 'lambda' }, access: IAM },
  { model: artifactModel, hosting: SERVERLESS },
  { model: artifactModel, hosting: SERVERLESS, access: JWT },
  { model: artifactModel, hosting: REALTIME },
] as const;

/** Every environment that is verified, with every hosting mode and access. */
export const MATRIX = verifyCases().flatMap(({ name, environment }) =>
  HOSTED.map(({ model, hosting, ...others }) => ({
    name: `${hosting.mode}${'access' in others ? ` with ${others.access.kind} access` : ''} in ${name}`,
    environment,
    synthesize: (): Promise<Synthesized> =>
      synthesizeModel(model, deploymentOf(hosting, others), environment),
  })),
);

import { verifyCases } from '../../../bin/verify/cases.ts';
import { artifactModel, computedModel, deploymentOf, REALTIME, SERVERLESS } from './models.ts';
import { type Synthesized, synthesizeModel } from './stack.ts';

/** A model for every hosting mode. */
const HOSTED = [
  { model: computedModel, hosting: { mode: 'lambda' } },
  { model: artifactModel, hosting: SERVERLESS },
  { model: artifactModel, hosting: REALTIME },
] as const;

/** Every environment that is verified, with every hosting mode. */
export const MATRIX = verifyCases().flatMap(({ name, environment }) =>
  HOSTED.map(({ model, hosting }) => ({
    name: `${hosting.mode} in ${name}`,
    environment,
    synthesize: (): Promise<Synthesized> => synthesizeModel(model, deploymentOf(hosting), environment),
  })),
);

import { z } from 'zod';
import { AWS_LIMITS as LIMITS } from '../limits/aws-limits.ts';
import { CODECS } from '../tensors/codecs.ts';

/** What an image computes on: SageMaker's instance families are made for one of them. */
export const PROCESSORS = ['cpu', 'gpu'] as const;

export type Processor = (typeof PROCESSORS)[number];

const processor = z.enum(PROCESSORS);
const version = z.string().min(1);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a digest, such as sha256:4f53…');

/** A file in the archive's `code/` folder, which AWS's images load and ask. */
const script = z
  .string()
  .regex(/^[\w-]+\.py$/, 'is not the name of a Python file in the code/ folder, such as inference.py');

const SECRET = /SECRET|PASSWORD|PASSWD|TOKEN(?!S|IZ)|CREDENTIAL|PRIVATE|API_?KEY/i;

/** What a program is told. Whoever may read a template sees it, so a name that promises a secret is refused. */
const environment = z.record(z.string(), z.string()).superRefine((variables, context) => {
  for (const name of Object.keys(variables)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      context.addIssue({ code: 'custom', path: [name], message: 'is not the name of a variable' });
    } else if (SECRET.test(name)) {
      const message = 'sounds like a secret, and whoever reads the template would read it';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  }
});

const common = {
  /** What the program in the container finds in its environment. @default - what Furrow and SageMaker set */
  environment: environment.optional(),
};

/** AWS publishes its images under tags that it moves to patched builds; a digest is one build for ever. */
const published = {
  ...common,
  version,
  /** The one build to run. @default - the newest build of the version at the time that instances start */
  digest: digest.optional(),
};

/** Furrow's own model server: ONNX models, on the laptop too. */
const servingContainer = z.strictObject({
  kind: z.literal('serving'),
  codec: z.literal('oip').default('oip'),
});

/** AWS's XGBoost image: a booster in the archive is served as it is, a script decides otherwise. */
const xgboostContainer = z.strictObject({
  kind: z.literal('xgboost'),
  ...published,
  codec: z.enum(['csv', 'json']).default('csv'),
  /** @default - the image's own handlers, which take csv */
  script: script.optional(),
});

/** AWS's scikit-learn image, which always needs a script that loads the model. */
const scikitLearnContainer = z.strictObject({
  kind: z.literal('scikit-learn'),
  ...published,
  codec: z.enum(['csv', 'json']).default('csv'),
  script: script.default('inference.py'),
});

/** AWS's PyTorch image. */
const pytorchContainer = z.strictObject({
  kind: z.literal('pytorch'),
  ...published,
  processor: processor.default('cpu'),
  codec: z.enum(['csv', 'json', 'oip']).default('json'),
  script: script.default('inference.py'),
});

/** NVIDIA Triton as AWS publishes it. */
const tritonContainer = z.strictObject({
  kind: z.literal('triton'),
  ...published,
  processor: processor.default('gpu'),
  codec: z.literal('oip').default('oip'),
  /** The folder of the model repository that is served: a model, or an ensemble. */
  modelName: z.string().regex(/^[\w.-]+$/, 'is not the name of a folder in the model repository'),
});

const codec = z.enum(CODECS);

/** An image that lies in a repository already, in the region of the endpoint. */
const repositoryContainer = z
  .strictObject({
    kind: z.literal('repository'),
    ...common,
    /** The repository's name, such as `research/yield-server`. */
    repository: z.string().regex(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, 'is not the name of an ECR repository'),
    /** The account that it belongs to; its policy has to let this one in. @default - the stack's own */
    account: z
      .string()
      .regex(/^\d{12}$/, 'is not an account')
      .optional(),
    digest: digest.optional(),
    /** Instead of a digest, where the repository keeps tags from being moved. */
    tag: z
      .string()
      .regex(/^[\w][\w.-]{0,127}$/, 'is not a tag')
      .refine((tag) => tag !== 'latest', 'moves with every push, and a push deploys nothing: name a digest')
      .optional(),
    processor: processor.default('cpu'),
    codec,
  })
  .refine(
    ({ digest, tag }) => (digest === undefined) !== (tag === undefined),
    'needs one of digest and tag, which say what is deployed',
  );

/** An image that is built from a folder of the project when it is deployed. */
const dockerfileContainer = z.strictObject({
  kind: z.literal('dockerfile'),
  ...common,
  /** The build's context, from the project's root; it holds the `Dockerfile`. */
  folder: z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, 'is not a path below the root of the project'),
  processor: processor.default('cpu'),
  codec,
});

/** What serves a model on SageMaker, and how tensors travel to it and back. */
export const container = z.discriminatedUnion('kind', [
  servingContainer,
  xgboostContainer,
  scikitLearnContainer,
  pytorchContainer,
  tritonContainer,
  repositoryContainer,
  dockerfileContainer,
]);

export type Container = z.output<typeof container>;
export type ContainerKind = Container['kind'];
/** The images that AWS publishes. */
export type PublishedContainer = Extract<Container, { version: string }>;
export type RepositoryContainer = Extract<Container, { kind: 'repository' }>;

/** Where nothing is said, Furrow's own model server. */
export const DEFAULT_CONTAINER: Container = { kind: 'serving', codec: 'oip' };

/** What an image computes on: those that come for one only do not say it. */
export function processorOf(container: Container): Processor {
  return 'processor' in container ? container.processor : 'cpu';
}

/** The model's archive as an object that lies in S3 already, instead of one made of the `artifacts/` folder. */
export const modelData = z.strictObject({
  /** `s3://bucket/key`; the key holds {@link sha256}, so that other weights are another object. */
  s3Uri: z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+\.tar\.gz$/, 'is not s3://…/….tar.gz'),
  /** Of the object's bytes, in lower-case hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hexadecimal digits'),
  /** The key that the object is encrypted with. @default - S3's own, which needs no permission */
  kmsKeyArn: z.string().startsWith('arn:').optional(),
});

export type ModelData = z.output<typeof modelData>;

/** What every mode of SageMaker hosting declares of its container and the archive in it. */
export const served = {
  container: container.default(DEFAULT_CONTAINER),
  /** @default - the archive is made of the model's artifact, and named by its content */
  modelData: modelData.optional(),
};

/** The same on instances, which SageMaker lets take longer. */
export const servedOnInstances = {
  ...served,
  /**
   * What the model's data may take to arrive, and then the container to answer a ping, in seconds each. Without a bound, an
   * endpoint whose container never becomes healthy can't be deleted for an hour.
   */
  startupTimeoutSeconds: z
    .int()
    .min(LIMITS.startupSecondsLeast.value)
    .max(LIMITS.startupSecondsMost.value)
    .default(300),
};

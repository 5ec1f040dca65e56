import { beforeAll, describe, expect, it } from 'vitest';
import { CONTAINERS } from '../../../bin/verify/combinations/parts.ts';
import { DEV } from '../support/environments.ts';
import { ASYNCHRONOUS, artifactModel, deploymentOf, REALTIME, SERVERLESS } from '../support/models.ts';
import { flat, functionNamed, resourcesOf, statementsOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const SHA256 = '0123456789abcdef'.repeat(4);

const containersOf = ({ model }: Synthesized) =>
  resourcesOf(model, 'AWS::SageMaker::Model').map(({ Properties }) => {
    const container = Properties.PrimaryContainer as Readonly<Record<string, unknown>>;
    return { ...container, Image: flat(container.Image), ModelDataUrl: flat(container.ModelDataUrl) };
  });

const codecsOf = ({ model }: Synthesized) =>
  Object.fromEntries(
    resourcesOf(model, 'AWS::Lambda::Function').flatMap(({ logicalId, Properties }) => {
      const { Variables } = Properties.Environment as { readonly Variables: Record<string, string> };
      return Variables.CODEC === undefined
        ? []
        : [[logicalId.replace(/^Functions(.*)Function.*/, '$1'), Variables.CODEC]];
    }),
  );

/** What the execution role may pull and read. */
function grantsOf({ model }: Synthesized) {
  const [served] = resourcesOf(model, 'AWS::SageMaker::Model');
  const role = flat(served?.Properties.ExecutionRoleArn).replace(/^\{(.*)\.Arn\}$/, '$1');
  const resourceOf = (sid: string) =>
    statementsOf(model, role)
      .filter(({ Sid }) => Sid === sid)
      .map(({ Resource }) => flat(Resource));
  return { pulls: resourceOf('PullImage'), reads: resourceOf('ReadModelData') };
}

describe('an endpoint on an image of another framework', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    const variants = { shadows: [{ name: 'second', version: '2.1.0', artifact: 'second' }] };
    const hosting = { ...REALTIME, container: CONTAINERS['scikit-learn'], startupTimeoutSeconds: 900 };
    stack = await synthesizeModel(artifactModel, deploymentOf(hosting, { variants }), DEV);
  });

  it('has that image for the champion and for every variant', () => {
    const images = containersOf(stack).map(({ Image }) => Image);

    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/\/sagemaker-scikit-learn:1\.2-1-cpu-py3$/);
  });

  it('tells the image which script to load', () => {
    expect(containersOf(stack)[0]).toMatchObject({
      Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
    });
  });

  it('gets the time that the deployment gives it to load and to start', () => {
    for (const { Properties } of resourcesOf(stack.model, 'AWS::SageMaker::EndpointConfig')) {
      expect(Properties.ProductionVariants).toMatchObject([
        { ContainerStartupHealthCheckTimeoutInSeconds: 900, ModelDataDownloadTimeoutInSeconds: 900 },
      ]);
    }
  });

  it('may pull that image and no other', () => {
    const { pulls } = grantsOf(stack);

    expect(pulls).toHaveLength(1);
    expect(pulls[0]).toMatch(/:repository\/sagemaker-scikit-learn$/);
  });

  it('is asked in its codec by every function that asks', () => {
    expect(codecsOf(stack)).toEqual({ predict: 'csv', health: 'csv' });
  });
});

describe('an asynchronous endpoint on another image', () => {
  it('is asked in its codec, and its answers are read in it', async () => {
    const hosting = { ...ASYNCHRONOUS, container: CONTAINERS.repository };
    const stack = await synthesizeModel(artifactModel, deploymentOf(hosting), DEV);

    expect(codecsOf(stack)).toEqual({ predict: 'json', complete: 'json' });
  });
});

describe('an endpoint whose data lies in S3', () => {
  it('loads that object, and its variants their own', async () => {
    const modelData = { s3Uri: `s3://research-models/${SHA256}/model.tar.gz`, sha256: SHA256 };
    const variants = { shadows: [{ name: 'second', version: '2.1.0', artifact: 'second.onnx' }] };
    const stack = await synthesizeModel(
      artifactModel,
      deploymentOf({ ...SERVERLESS, modelData }, { variants }),
      DEV,
    );
    const urls = containersOf(stack).map(({ ModelDataUrl }) => ModelDataUrl);

    expect(urls).toHaveLength(2);
    expect(urls.filter((url) => url === modelData.s3Uri)).toHaveLength(1);
    expect(grantsOf(stack).reads).toEqual([
      `arn:{AWS::Partition}:s3:::research-models/${SHA256}/model.tar.gz`,
    ]);
    expect(functionNamed(stack.model, 'predict').Properties.Environment).toMatchObject({
      Variables: { CODEC: 'oip' },
    });
  });
});

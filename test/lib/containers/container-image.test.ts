import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { type Container, container } from '../../../contract/deployment/containers.ts';
import { ContainerImage } from '../../../lib/containers/container-image.ts';
import { temporaryFolder } from '../support/project.ts';
import { flat } from '../support/resources.ts';

// These stacks have no resources, which the CDK's own validation would say each time.
process.env.CDK_VALIDATION = 'false';

interface Place {
  readonly region?: string;
  readonly imageFolder?: string;
}

/** The image and its repository as a template has them, and the template's mappings. */
function imageOf(declared: Parameters<typeof container.parse>[0], { region, imageFolder }: Place = {}) {
  const app = new App({ outdir: join(temporaryFolder(), 'cdk.out') });
  const stack = new Stack(app, 'Test', {
    env: region === undefined ? {} : { region, account: '111122223333' },
  });
  const image = new ContainerImage(stack, 'Image', { container: container.parse(declared), imageFolder });
  new CfnOutput(stack, 'Uri', { value: image.uri });
  new CfnOutput(stack, 'Arn', { value: image.repositoryArn });
  const template = Template.fromStack(stack).toJSON();
  return {
    uri: flat(template.Outputs.Uri.Value),
    arn: flat(template.Outputs.Arn.Value),
    mappings: (template.Mappings ?? {}) as Record<string, Record<string, { account: string }>>,
  };
}

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const IRELAND = { region: 'eu-west-1' };
const XGBOOST = { kind: 'xgboost', version: '3.2-0' };
const PYTORCH = { kind: 'pytorch', version: '2.6.0' };
const TRITON = { kind: 'triton', version: '26.05', modelName: 'yield' };

describe('an image that AWS publishes', () => {
  it.each([
    [XGBOOST, '141502667606', 'sagemaker-xgboost:3.2-0'],
    [{ kind: 'scikit-learn', version: '1.2-1' }, '141502667606', 'sagemaker-scikit-learn:1.2-1-cpu-py3'],
    [PYTORCH, '763104351884', 'pytorch-inference:2.6.0-cpu-py312'],
    [{ ...PYTORCH, processor: 'gpu' }, '763104351884', 'pytorch-inference:2.6.0-gpu-py312'],
    [{ ...PYTORCH, version: '2.2.0' }, '763104351884', 'pytorch-inference:2.2.0-cpu-py310'],
    [TRITON, '763104351884', 'sagemaker-tritonserver:26.05-py3'],
    [{ ...TRITON, processor: 'cpu' }, '763104351884', 'sagemaker-tritonserver:26.05-py3-cpu'],
  ])('%j is pulled from its publisher in the region', (declared, account, name) => {
    const { uri, arn, mappings } = imageOf(declared, IRELAND);

    expect(uri).toBe(`${account}.dkr.ecr.eu-west-1.{AWS::URLSuffix}/${name}`);
    expect(arn).toBe(`arn:{AWS::Partition}:ecr:eu-west-1:${account}:repository/${name.replace(/:.*/, '')}`);
    expect(mappings).toEqual({});
  });

  it('is one build for ever where its digest is given', () => {
    const { uri } = imageOf({ ...XGBOOST, digest: DIGEST }, IRELAND);

    expect(uri).toBe(`141502667606.dkr.ecr.eu-west-1.{AWS::URLSuffix}/sagemaker-xgboost@${DIGEST}`);
  });

  it.each([
    [
      XGBOOST,
      'Registryxgboost',
      'sagemaker-xgboost',
      { 'eu-west-1': '141502667606', 'us-east-1': '683313688378' },
    ],
    // The second of them has no fact in the CDK.
    [
      PYTORCH,
      'Registrypytorch',
      'pytorch-inference',
      { 'eu-west-1': '763104351884', 'af-south-1': '626614931356' },
    ],
  ])(
    '%j finds its publisher when the region is known at deployment only',
    (declared, map, name, accounts) => {
      const { uri, arn, mappings } = imageOf(declared);
      const account = JSON.stringify({ 'Fn::FindInMap': [map, { Ref: 'AWS::Region' }, 'account'] });

      expect(uri).toMatch(new RegExp(`/${name}:`));
      expect(uri.startsWith(`${account}.dkr.ecr.{AWS::Region}.{AWS::URLSuffix}/`)).toBe(true);
      expect(arn).toBe(`arn:{AWS::Partition}:ecr:{AWS::Region}:${account}:repository/${name}`);
      for (const [region, publisher] of Object.entries(accounts)) {
        expect(mappings[map]?.[region]).toEqual({ account: publisher });
      }
    },
  );

  it('takes one table for all images of a stack', () => {
    const app = new App({ outdir: join(temporaryFolder(), 'cdk.out') });
    const stack = new Stack(app, 'Test');
    const xgboost: Container = container.parse(XGBOOST);
    const uris = ['Champion', 'Challenger'].map(
      (id) => new ContainerImage(stack, id, { container: xgboost }).uri,
    );

    expect(stack.resolve(uris[0])).toEqual(stack.resolve(uris[1]));
    expect(Object.keys(Template.fromStack(stack).toJSON().Mappings)).toEqual(['Registryxgboost']);
  });
});

describe('an image in a repository', () => {
  const declared = { kind: 'repository', repository: 'research/yield', codec: 'csv' };

  it("is the stack's own by its digest", () => {
    expect(imageOf({ ...declared, digest: DIGEST })).toEqual({
      uri: `{AWS::AccountId}.dkr.ecr.{AWS::Region}.{AWS::URLSuffix}/research/yield@${DIGEST}`,
      arn: 'arn:{AWS::Partition}:ecr:{AWS::Region}:{AWS::AccountId}:repository/research/yield',
      mappings: {},
    });
  });

  it("is another account's, and by a tag, where the deployment says so", () => {
    expect(imageOf({ ...declared, account: '444455556666', tag: 'v7' }, IRELAND)).toMatchObject({
      uri: '444455556666.dkr.ecr.eu-west-1.{AWS::URLSuffix}/research/yield:v7',
      arn: 'arn:{AWS::Partition}:ecr:eu-west-1:444455556666:repository/research/yield',
    });
  });
});

describe('an image that is built', () => {
  it('is named by the content of its folder', () => {
    const folder = (text: string) => {
      const imageFolder = join(temporaryFolder(), 'yield');
      mkdirSync(imageFolder);
      writeFileSync(join(imageFolder, 'Dockerfile'), text);
      return { imageFolder };
    };
    const declared = { kind: 'dockerfile', folder: 'images/yield', codec: 'csv' };
    const first = imageOf(declared, folder('FROM scratch'));

    expect(first.uri).toMatch(/container-assets.*:[0-9a-f]{64}$/);
    expect(imageOf(declared, folder('FROM scratch')).uri).toBe(first.uri);
    expect(imageOf(declared, folder('FROM busybox')).uri).not.toBe(first.uri);
  });
});

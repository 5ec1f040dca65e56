import { describe, expect, it } from 'vitest';
import { CONTAINERS } from '../../../bin/verify/combinations/parts.ts';
import type { DeploymentOptions } from '../../../contract/deployment/deployment.ts';
import { settingsFor } from '../../../contract/deployment/deployment.ts';
import { defineModel } from '../../../contract/index.ts';
import type { Tensor } from '../../../contract/tensors/tensors.ts';
import { containerProblems } from '../../../lib/validation/container-problems.ts';
import { artifactModel, computedModel, deploymentOf, REALTIME, SERVERLESS } from '../support/models.ts';

type Hosting = Exclude<DeploymentOptions['hosting'], { mode: 'lambda' }>;

interface Given {
  readonly model?: typeof artifactModel;
  readonly files?: readonly string[] | undefined;
  readonly region?: string;
  readonly dockerfileExists?: boolean;
  readonly others?: Partial<DeploymentOptions>;
}

function problemsOf(hosting: DeploymentOptions['hosting'], given: Given = {}) {
  const { model = artifactModel, files, region, dockerfileExists = true, others = {} } = given;
  const settings = settingsFor(deploymentOf(hosting, others), 'dev');
  const artifactFolders = new Map(files === undefined ? [] : [[model.artifact, files]]);
  return containerProblems({ model, settings, artifactFolders, dockerfileExists }, region);
}

const serverless = (container: Hosting['container']) => ({ ...SERVERLESS, container });
const realtime = (container: Hosting['container'], instanceType = 'ml.c6i.large') => ({
  ...REALTIME,
  instanceType,
  container,
});

const SHA256 = '0123456789abcdef'.repeat(4);
const SCRIPT = ['code/inference.py', 'model.pkl'];
const REPOSITORY = ['yield/1/model.onnx', 'yield/config.pbtxt'];

describe('a container that fits', () => {
  it.each<[string, DeploymentOptions['hosting'], Given]>([
    ['our own', SERVERLESS, {}],
    ['xgboost', serverless(CONTAINERS.xgboost), {}],
    [
      'xgboost with a script',
      serverless({ ...CONTAINERS.xgboost, codec: 'json', script: 'inference.py' }),
      { files: SCRIPT },
    ],
    ['scikit-learn', serverless(CONTAINERS['scikit-learn']), { files: SCRIPT }],
    [
      'packages where there is a network',
      serverless(CONTAINERS['scikit-learn']),
      { files: [...SCRIPT, 'code/requirements.txt'] },
    ],
    ['pytorch', realtime(CONTAINERS.pytorch), { files: SCRIPT }],
    ['pytorch on GPUs', realtime(CONTAINERS['pytorch for GPUs'], 'ml.g5.xlarge'), { files: SCRIPT }],
    ['triton', realtime(CONTAINERS['triton for GPUs'], 'ml.p4d.24xlarge'), { files: REPOSITORY }],
    ['a repository', serverless(CONTAINERS.repository), {}],
    ['a Dockerfile', realtime(CONTAINERS.dockerfile), {}],
    ['a region that has it', serverless(CONTAINERS.xgboost), { region: 'eu-west-1' }],
    [
      'data in S3',
      {
        ...serverless(CONTAINERS['scikit-learn']),
        modelData: { s3Uri: `s3://models/${SHA256}.tar.gz`, sha256: SHA256 },
      },
      {},
    ],
  ])('has no problems: %s', (_, hosting, given) => {
    expect(problemsOf(hosting, given)).toEqual([]);
  });

  it('is nothing that pure mathematics has', () => {
    const settings = settingsFor(deploymentOf(serverless(CONTAINERS.xgboost)), 'dev');
    expect(containerProblems({ model: computedModel, settings }, undefined)).toEqual([]);
  });
});

describe('an image that does not exist', () => {
  it('has a version that AWS does not publish', () => {
    expect(problemsOf(serverless({ kind: 'xgboost', version: '9.0-1' }))).toEqual([
      "hosting.container.version is 9.0-1, and the versions of xgboost are 1.5-1, 1.7-1, 3.0-5, 3.2-0. Use one of them, or { kind: 'repository', … } for another image.",
    ]);
  });

  it('is not in the region', () => {
    const [problem, ...others] = problemsOf(realtime(CONTAINERS.triton), {
      region: 'cn-north-1',
      files: REPOSITORY,
    });
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^hosting\.container is triton, which AWS does not publish in cn-north-1\. Deploy to one of af-south-1, .*us-west-2, or copy the image into a repository of your own and use \{ kind: 'repository', … \}\.$/,
    );
  });

  it('has no Dockerfile', () => {
    expect(problemsOf(serverless(CONTAINERS.dockerfile), { dockerfileExists: false })).toEqual([
      'images/yield/Dockerfile does not exist. Put it there, or correct hosting.container.folder.',
    ]);
  });
});

describe('an artifact that the image could not load', () => {
  const folder = 'models/learned-yield/artifacts/model.onnx';

  it.each([undefined, ['code/other.py'], ['inference.py']])('lacks the script: %j', (files) => {
    expect(problemsOf(serverless(CONTAINERS['scikit-learn']), { files })).toEqual([
      `${folder} has no code/inference.py, which the scikit-learn image loads. Make the artifact a folder with it, or name the script that is there in hosting.container.script.`,
    ]);
  });

  it('asks for packages where there is no network', () => {
    expect(
      problemsOf(realtime(CONTAINERS['scikit-learn']), { files: [...SCRIPT, 'code/requirements.txt'] }),
    ).toEqual([
      `${folder}/code/requirements.txt asks the image to install packages when it starts, and its container has no network. Build them into an image with { kind: 'dockerfile', … }, and remove the file.`,
    ]);
  });

  it.each([
    undefined,
    ['model.onnx'],
    ['yield/config.pbtxt'],
    ['yield/v1/model.onnx'],
    ['other/1/model.onnx'],
  ])('is no model repository: %j', (files) => {
    expect(problemsOf(realtime(CONTAINERS.triton), { files })).toEqual([
      `${folder} has no version of a model "yield", such as yield/1/model.onnx. Make the artifact a folder that is Triton's model repository, or correct hosting.container.modelName.`,
    ]);
  });

  it.each<DeploymentOptions['hosting']>([SERVERLESS, { mode: 'lambda' }])(
    "is a folder, and Furrow's own runtimes load a file: $mode",
    (hosting) => {
      expect(problemsOf(hosting, { files: ['model.onnx'] })).toEqual([
        'the artifact "model.onnx" is a folder, and Furrow\'s own runtimes load one ONNX file. Name the file.',
      ]);
    },
  );

  it("is a variant's", () => {
    const variants = { shadows: [{ name: 'second', version: '2.1.0', artifact: 'second' }] };
    expect(
      problemsOf(serverless(CONTAINERS['scikit-learn']), { files: SCRIPT, others: { variants } }),
    ).toEqual([expect.stringContaining('models/learned-yield/artifacts/second has no code/inference.py')]);
  });
});

describe('a codec that does not carry the model', () => {
  it('shows on the example', () => {
    const text = (inputs: readonly unknown[]): readonly Tensor[] => [
      { name: 'site', shape: [inputs.length, 1], datatype: 'BYTES', data: inputs.map(() => 'Waseca') },
    ];
    const model = defineModel({ ...artifactModel, preprocess: text });

    expect(problemsOf(serverless(CONTAINERS.xgboost), { model })).toEqual([
      'hosting.container.codec is csv, and preprocess makes of the example: the tensor "site" holds text, and csv takes numbers: encode it, or use json.',
    ]);
  });

  it('is not what the image reads by itself', () => {
    expect(problemsOf(serverless({ ...CONTAINERS.xgboost, codec: 'json' }))).toEqual([
      "hosting.container.codec is json, and without a script the xgboost image reads csv. Use codec: 'csv', or name a script that reads json.",
    ]);
  });
});

describe('model data that could change unseen', () => {
  it('lies under a key that does not say what it is', () => {
    const modelData = { s3Uri: 's3://research-models/yield/model.tar.gz', sha256: SHA256 };
    expect(problemsOf({ ...SERVERLESS, modelData })).toEqual([
      `hosting.modelData.s3Uri is s3://research-models/yield/model.tar.gz, which does not hold its sha256: under the same key, other weights would not be deployed. Store the object under a key such as models/${SHA256}/model.tar.gz.`,
    ]);
  });
});

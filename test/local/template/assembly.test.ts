import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { describe, expect, it } from 'vitest';
import { loadAssembly } from '../../../local/template/assembly.ts';
import { temporaryFolder } from '../core/support/folders.ts';
import { synthesizeApp, synthesizeStack } from '../core/support/synthesize.ts';

describe('loadAssembly', () => {
  it('reads the stacks of nested assemblies and the environment they are meant for', () => {
    const assemblyDir = synthesizeApp((app) => {
      new Stack(new Stage(app, 'Prod', { env: { account: '111122223333', region: 'eu-west-1' } }), 'Api');
    });

    const { stacks, accountId, region } = loadAssembly(assemblyDir);

    expect(stacks.map((stack) => stack.name)).toEqual(['Prod-Api']);
    expect({ accountId, region }).toEqual({ accountId: '111122223333', region: 'eu-west-1' });
  });

  it('takes an app without an environment to be in an account of zeros in us-east-1', () => {
    const { accountId, region } = loadAssembly(synthesizeStack(() => undefined));

    expect({ accountId, region }).toEqual({ accountId: '000000000000', region: 'us-east-1' });
  });

  it('finds staged files and images by whatever a template calls them', () => {
    const source = temporaryFolder();
    mkdirSync(join(source, 'image'));
    writeFileSync(join(source, 'image', 'Serve.Dockerfile'), 'FROM scratch\n');
    writeFileSync(join(source, 'model.tar.gz'), 'weights');
    const hashes = { file: '', image: '' };
    const assemblyDir = synthesizeStack((stack) => {
      hashes.file = new Asset(stack, 'Model', { path: join(source, 'model.tar.gz') }).assetHash;
      hashes.image = new DockerImageAsset(stack, 'Image', {
        directory: join(source, 'image'),
        file: 'Serve.Dockerfile',
      }).assetHash;
    });

    const { assets } = loadAssembly(assemblyDir);

    const file = assets.find(`s3://cdk-assets-000000000000-us-east-1/${hashes.file}.gz`);
    expect(file).toMatchObject({ kind: 'file', packaging: 'file' });
    expect(basename(file?.path ?? '')).toBe(`asset.${hashes.file}.tar.gz`);
    const image = assets.find(`000000000000.dkr.ecr.us-east-1.amazonaws.com/assets:${hashes.image}`);
    expect(image).toMatchObject({ kind: 'image', packaging: 'image' });
    expect(image?.dockerfile).toBe(join(image?.path ?? '', 'Serve.Dockerfile'));
    expect(assets.find('s3://somewhere/else.tar.gz')).toBeUndefined();
  });

  it('says that a folder was not synthesized', () => {
    const folder = temporaryFolder();
    expect(() => loadAssembly(folder)).toThrow(`${folder} is not a cloud assembly: it has no manifest.json`);
  });

  it('says that an app has no stacks', () => {
    const outdir = temporaryFolder();
    new App({ outdir }).synth();
    expect(() => loadAssembly(outdir)).toThrow(`${outdir} holds no stacks: synthesize the app first`);
  });

  it('names the file that is damaged', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'manifest.json'), '{');
    expect(() => loadAssembly(folder)).toThrow(/manifest\.json can't be read: /);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ModelObject, type ModelObjectProps } from '../../../lib/containers/model-object.ts';
import { temporaryFolder } from '../support/project.ts';
import { flat, type Statement } from '../support/resources.ts';

const SHA256 = '0123456789abcdef'.repeat(4);
const IN_S3 = { s3Uri: `s3://research-models/yield/${SHA256}/model.tar.gz`, sha256: SHA256 };

function objectOf(props: ModelObjectProps) {
  const stack = new Stack(new App({ outdir: join(temporaryFolder(), 'cdk.out') }), 'Test');
  const object = new ModelObject(stack, 'Data', props);
  return {
    url: flat(stack.resolve(object.url)),
    statements: object.statements
      .map((one) => one.toStatementJson() as Statement)
      .map((one) => ({
        ...one,
        Resource: flat(stack.resolve(one.Resource)),
      })),
  };
}

describe("a model's data in S3", () => {
  it('is that object, which alone may be read', () => {
    expect(objectOf({ modelData: IN_S3 })).toEqual({
      url: IN_S3.s3Uri,
      statements: [
        {
          Sid: 'ReadModelData',
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: `arn:{AWS::Partition}:s3:::research-models/yield/${SHA256}/model.tar.gz`,
        },
      ],
    });
  });

  it('is decrypted with its own key and no other', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b';
    const { statements } = objectOf({ modelData: { ...IN_S3, kmsKeyArn } });

    expect(statements).toHaveLength(2);
    expect(statements[1]).toEqual({
      Sid: 'DecryptModelData',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: kmsKeyArn,
    });
  });
});

describe("a model's data that is built", () => {
  it('is named by its content', () => {
    const archive = (text: string) => {
      const file = join(temporaryFolder(), 'model.tar.gz');
      writeFileSync(file, text);
      return { archive: file };
    };
    const { url, statements } = objectOf(archive('weights'));
    const [, key = ''] = /\/([0-9a-f]{64}\.gz)$/.exec(url) ?? [];

    expect(key).not.toBe('');
    expect(statements).toHaveLength(1);
    expect(statements[0]?.Resource.endsWith(`/${key}`)).toBe(true);
    expect(objectOf(archive('weights')).url).toBe(url);
    expect(objectOf(archive('Weights')).url).not.toBe(url);
  });

  it('is missed where there is none', () => {
    expect(() => objectOf({})).toThrow('Test/Data: there is no archive of the model');
  });
});

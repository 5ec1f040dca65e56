import { describe, expect, it } from 'vitest';
import { MATRIX } from '../support/matrix.ts';

/** What a secret looks like wherever it stands (the forms that secret scanners look for). */
const SECRETS = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\./,
  /"(?:[A-Z0-9_]*(?:SECRET|PASSWORD|TOKEN|API_?KEY))":\s*"/i,
];

/** A dynamic reference puts a secret's value where its text stands. */
const RESOLVED_SECRET = /\{\{resolve:(?:secretsmanager|ssm-secure):/;

describe.each(MATRIX)('the templates of $name', ({ synthesize }) => {
  it('hold no secret, no value of an API key, and nothing that resolves to one', async () => {
    const { model, shared } = await synthesize();

    for (const template of [model, shared]) {
      const text = JSON.stringify(template.toJSON());
      for (const secret of SECRETS) expect(text).not.toMatch(secret);
      expect(text).not.toMatch(RESOLVED_SECRET);
      for (const key of Object.values(template.findResources('AWS::ApiGateway::ApiKey'))) {
        expect(key.Properties).not.toHaveProperty('Value');
      }
    }
  });

  it('tell no function that it is on a laptop, where more is called back', async () => {
    const { model } = await synthesize();

    const functions = Object.values(model.findResources('AWS::Lambda::Function'));
    const names = functions.flatMap(({ Properties }) => Object.keys(Properties.Environment.Variables));
    expect(names).toContain('MODEL_ENVIRONMENT');
    expect(names).not.toContain('LOCAL_CLOUD');
  });
});

describe('the forms of secrets', () => {
  it.each([
    'AKIAABCDEFGHIJKLMNOP',
    '-----BEGIN RSA PRIVATE KEY-----',
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9x.sig',
    '{"DB_PASSWORD": "hunter2"}',
    '{"DD_API_KEY":"0123"}',
  ])('are recognized in %s', (text) => {
    expect(SECRETS.some((form) => form.test(text))).toBe(true);
  });

  it('are not the ARN of a secret, whatever the variable is called', () => {
    expect(SECRETS.some((form) => form.test('{"DD_API_KEY_SECRET_ARN":"arn:aws:x"}'))).toBe(false);
  });
});

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curlLine, shellQuote } from '../../../local/start/curl.ts';

test('a quoted text comes back from the shell as it was', () => {
  const texts = fc.sample(
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    { numRuns: 40, seed: 7 },
  );
  texts.push(`it's "quoted" $HOME \`id\` \\ !x`, "'", '');

  const script = texts.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join('\n');
  const output = execFileSync('sh', ['-c', script], { encoding: 'utf8' });

  expect(output.split('\0').slice(0, -1)).toEqual(texts);
});

test('the line holds the key, the type, the body and the route', () => {
  expect(curlLine('http://127.0.0.1:3000/barley-yield', { apiKey: 'k' }, `{"a":"it's"}`)).toBe(
    `curl -s -H 'x-api-key: k' -H 'Content-Type: application/json' -d '{"a":"it'\\''s"}' http://127.0.0.1:3000/barley-yield/predictions`,
  );
  expect(curlLine('http://h', {}, '{}')).not.toContain('x-api-key');
});

test('the line signs where the API asks for it', () => {
  expect(curlLine('http://h/m', { signingRegion: 'eu-west-1' }, '{}')).toBe(
    "curl -s --user developer:local --aws-sigv4 'aws:amz:eu-west-1:execute-api' -H 'Content-Type: application/json' -d '{}' http://h/m/predictions",
  );
});

test('the line sends the token that the shell knows', () => {
  expect(curlLine('http://h/m', { tokenIssuer: 'https://login.example' }, '{}')).toContain(
    '-H "Authorization: Bearer $TOKEN" ',
  );
});

import { expect, test } from 'vitest';
import { traceHeader, traceRoot } from '../../../local/lambda/trace-header.ts';

const NOW = 0x6b03d704 * 1000;
const ROOT = '1-6b03d704-cb7827429892f6886f5dc736';

test('a complete header is passed on as it is', () => {
  const header = `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=0`;
  expect(traceHeader(header, NOW)).toBe(header);
});

test('what a header lacks is added', () => {
  expect(traceHeader(`Sampled=0; Root=${ROOT}`, NOW)).toMatch(
    new RegExp(`^Root=${ROOT};Parent=[0-9a-f]{16};Sampled=0$`),
  );
});

test.each([undefined, '', 'Root=not-a-root', 'nonsense'])('%j gets a new root of this second', (header) => {
  expect(traceHeader(header, NOW)).toMatch(/^Root=1-6b03d704-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/);
});

test('the root alone', () => {
  expect(traceRoot(`Root=${ROOT};Sampled=1`)).toBe(ROOT);
  expect(traceRoot('Sampled=1')).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { isLoopbackHost } from '../../../../local/core/wire/http.ts';

describe('isLoopbackHost', () => {
  it.each(['localhost', 'LOCALHOST:3000', 'api.localhost:1', '127.0.0.1:80', '[::1]:80'])(
    'accepts %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each([undefined, '', 'example.com', 'localhost.example.com', '127.0.0.1.example.com', '10.0.0.1'])(
    'refuses %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});

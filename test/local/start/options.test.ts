import { describe, expect, test } from 'vitest';
import { parseOptions, UsageError } from '../../../local/start/options.ts';

describe('parseOptions', () => {
  test('without options gives the defaults', () => {
    expect(parseOptions([])).toEqual({
      port: 3000,
      dataDir: '.furrow',
      watch: false,
      json: false,
      assemblyDir: undefined,
      context: {},
      help: false,
    });
  });

  test('reads every option', () => {
    const argv = [
      '--port',
      '0',
      '--data-dir',
      'kept',
      '--watch',
      '--json',
      '-c',
      'environment=prod',
      '--context',
      'a=b=c',
    ];

    expect(parseOptions(argv)).toEqual({
      port: 0,
      dataDir: 'kept',
      watch: true,
      json: true,
      assemblyDir: undefined,
      context: { environment: 'prod', a: 'b=c' },
      help: false,
    });
    expect(parseOptions(['--app', 'out']).assemblyDir).toBe('out');
  });

  test.each([
    [['--prot', '1'], /--prot/],
    [['here'], /here/],
    [['--port'], /--port/],
    [['--port', '65536'], /--port takes a number from 0 to 65535, not 65536/],
    [['--port', '3000x'], /--port takes a number from 0 to 65535, not 3000x/],
    [['-c', 'environment'], /-c takes key=value, not environment/],
    [['-c', '=prod'], /-c takes key=value, not =prod/],
    [['--app', 'out', '--watch'], /use one of them/],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(UsageError);
    expect(() => parseOptions(argv)).toThrow(message);
  });
});

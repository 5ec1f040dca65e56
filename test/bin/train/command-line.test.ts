import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainCommand, UsageError } from '../../../bin/train/command-line.ts';

describe('the command line of a training', () => {
  it.each([
    [['barley-yield'], { kind: 'train', name: 'barley-yield' }],
    [['barley-yield', '--check'], { kind: 'check', name: 'barley-yield' }],
    [['--check', 'barley-yield'], { kind: 'check', name: 'barley-yield' }],
    [['--check'], { kind: 'check' }],
    [['--check', '--', '--odd-name'], { kind: 'check', name: '--odd-name' }],
    [['--help'], { kind: 'help' }],
    [['-h'], { kind: 'help' }],
    [['barley-yield', '--check', '-h'], { kind: 'help' }],
  ])('%j asks for %j', (args, command) => {
    expect(trainCommand(args)).toEqual(command);
  });

  it.each([
    [[], 'Name one model: npm run train -- NAME.'],
    [
      ['one', 'two', '--check'],
      'Name one model, not 2: npm run train -- NAME. All of them are checked by: npm run train -- --check',
    ],
    [['one', '--chekc'], 'There is no option --chekc: there are --check and --help.'],
    [['one', '-c'], 'There is no option -c: there are --check and --help.'],
    [['--constructor'], 'There is no option --constructor: there are --check and --help.'],
    [['--no-check', 'one'], 'There is no option --no-check: there are --check and --help.'],
    [['--check=one'], '--check takes no value, and got "one": leave it out.'],
  ])('%j is refused with what would be right', (args, message) => {
    expect(() => trainCommand(args)).toThrow(new UsageError(message));
  });

  it('is understood or refused, whatever is written', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('--check', '-h', '--', '-'))), (args) => {
        try {
          expect(['help', 'train', 'check']).toContain(trainCommand(args).kind);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});

import { parseArgs } from 'node:util';

/** What `npm run train` is asked for. */
export type TrainCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'train'; readonly name: string }
  /** Without a name, every model that has training. */
  | { readonly kind: 'check'; readonly name?: string };

/** A command line that asks for nothing that there is. The message says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USE = `npm run train -- NAME           trains models/NAME and writes its artifacts/
npm run train -- NAME --check   trains it into a folder of its own, and compares with what lies in artifacts/
npm run train -- --check        checks every model that has a training/ folder
npm run train -- --help         says this

A check compares JSON exactly but for numbers, which may be apart by what processors differ in: by a billionth, or by one
in the sixth decimal where both are rounded to six. The member "generator" at the top of a file is told, not compared. ONNX
files are compared by their predictions for the inputs of reference.json, within its tolerance; all else by its bytes.

A command ends with 0 where it did what was asked and no check found a difference, with 1 where one did or a training
failed, and with 2 where it was asked wrongly.`;

const OPTIONS = { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

/**
 * Reads the command's arguments.
 * @throws {UsageError} that names what is not understood
 */
export function trainCommand(args: readonly string[]): TrainCommand {
  // Not strict, because what it then says of an unknown option is not what would be right here.
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const asked = new Set<string>();
  const names: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') names.push(token.value);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(OPTIONS, token.name)) {
      throw new UsageError(`There is no option ${token.rawName}: there are --check and --help.`);
    }
    if (token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value, and got "${token.value}": leave it out.`);
    }
    asked.add(token.name);
  }
  if (asked.has('help')) return { kind: 'help' };
  const [name, ...others] = names;
  if (others.length > 0) {
    throw new UsageError(
      `Name one model, not ${names.length}: npm run train -- NAME. All of them are checked by: npm run train -- --check`,
    );
  }
  if (asked.has('check')) return { kind: 'check', ...(name !== undefined && { name }) };
  if (name === undefined) throw new UsageError('Name one model: npm run train -- NAME.');
  return { kind: 'train', name };
}

import { StateError } from './errors.ts';

/** What a path finds; undefined where there is nothing. */
export type Found = { readonly value: unknown } | undefined;

/** A step of a path: `.name`, `['name']` or `[0]`. */
const STEP = /\.([A-Za-z_][\w-]*)|\['([^']+)'\]|\[(\d+)\]/y;

/**
 * What a path (`$.a.b[0]`) finds in a state's data, or with a second dollar in the context object.
 * @throws {StateError} States.Runtime for a path that is not understood
 */
export function find(path: string, data: unknown, context: unknown): Found {
  const inContext = path.startsWith('$$');
  let found: unknown = inContext ? context : data;
  for (const step of stepsOf(path.slice(inContext ? 2 : 1), path)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return { value: found };
}

/** The same, of which there has to be something. @throws {StateError} States.Runtime */
export function valueAt(path: string, data: unknown, context: unknown): unknown {
  const found = find(path, data, context);
  if (found === undefined)
    throw new StateError('States.Runtime', `The path '${path}' could not be found in the input`);
  return found.value;
}

/** A payload template with its paths filled in: keys that end in `.$` hold them. */
export function filled(template: unknown, data: unknown, context: unknown): unknown {
  if (Array.isArray(template)) return template.map((one) => filled(one, data, context));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, one]) =>
      key.endsWith('.$')
        ? [key.slice(0, -2), valueAt(String(one), data, context)]
        : [key, filled(one, data, context)],
    ),
  );
}

/** What InputPath and OutputPath make of data: null throws all of it away. */
export function selected(path: string | null, data: unknown, context: unknown): unknown {
  return path === null ? {} : valueAt(path, data, context);
}

/** Data with a result put where ResultPath says; null throws the result away. */
export function combined(path: string | null, data: unknown, result: unknown): unknown {
  if (path === null) return data;
  const steps = stepsOf(path.slice(1), path);
  const place = (at: unknown, index: number): unknown => {
    const step = steps[index];
    if (step === undefined) return result;
    const isRecord = typeof at === 'object' && at !== null && !Array.isArray(at);
    const record = isRecord ? (at as Record<string, unknown>) : {};
    return { ...record, [step]: place(record[step], index + 1) };
  };
  return place(data, 0);
}

function stepsOf(text: string, path: string): readonly string[] {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  for (let at = 0; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null) throw new StateError('States.Runtime', `The path '${path}' is not understood`);
    steps.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return steps;
}

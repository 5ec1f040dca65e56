/** The value of a JSON text, or undefined where it is none: no schema that a caller checks it by accepts that. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A template or assembly that the local cloud can't make sense of; the message says where and why. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Where in an assembly an expression stands, for error messages. */
export interface Place {
  readonly stack: string;
  /** The logical id of a resource, or a section such as `Conditions.IsProd`. */
  readonly within: string;
  /** The property path below it, for example `Environment.Variables.TABLE`. */
  readonly path: readonly string[];
}

/** Builds an error that names the stack, the resource, the property and the expression. */
export function templateError(place: Place, expression: unknown, reason: string): TemplateError {
  const where = [place.within, ...place.path].join('.');
  return new TemplateError(`${place.stack}: ${where}: ${reason} (in ${abbreviate(expression)})`);
}

function abbreviate(expression: unknown): string {
  const text = JSON.stringify(expression) ?? String(expression);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** Values of `$context` variables by name, without the `$context.`. */
export type ContextVariables = Readonly<Record<string, string | number | undefined>>;

const VARIABLE = /\$context\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/g;
const VELOCITY =
  /#(?:set|if|elseif|else|end|foreach|macro|include|parse|stop|break|evaluate)\b|\$!?\{?(?:input|util|stageVariables|method)\b/;

/**
 * Replaces the `$context` variables of a template.
 * @param missing what stands for a variable without a value
 * @param encode makes a value fit where it is put, for example into a JSON string
 */
export function substitute(
  template: string,
  variables: ContextVariables,
  missing: string,
  encode: (value: string, name: string) => string = (value) => value,
): string {
  return template.replace(VARIABLE, (_, name: string) => {
    const value = variables[name];
    return value === undefined ? missing : encode(String(value), name);
  });
}

/** The first thing in a template that needs the Velocity engine, which is not emulated; undefined where nothing does. */
export function velocityIn(template: string): string | undefined {
  return VELOCITY.exec(template)?.[0];
}

/** Escapes a value for a JSON string; what is JSON by itself (`messageString`) stays as it is. */
export function escapeForJson(value: string, name: string): string {
  return name === 'error.messageString' ? value : JSON.stringify(value).slice(1, -1);
}

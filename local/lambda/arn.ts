/** A function's name and, where given, its alias, version or `$LATEST`. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier?: string;
}

/** A full ARN, a partial one (`account:function:name`) or a bare name, each with or without a qualifier. */
const REFERENCE =
  /^(?:(?:arn:[\w-]+:lambda:[\w-]+:)?\d{12}:function:|function:)?(?<name>[\w-]{1,64})(?::(?<qualifier>[\w$-]+))?$/;

/** Reads any form in which Lambda accepts a function's name; undefined where it is none. */
export function parseFunctionReference(text: string): FunctionReference | undefined {
  const { name, qualifier } = REFERENCE.exec(text)?.groups ?? {};
  if (name === undefined) return undefined;
  return qualifier === undefined ? { name } : { name, qualifier };
}

import { z } from 'zod';

const findingsSchema = z.array(
  z.looseObject({
    Filename: z.string(),
    Level: z.string(),
    Message: z.string(),
    Rule: z.looseObject({ Id: z.string() }),
    Location: z.looseObject({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

/** What cfn-lint or cdk-nag says about one place of a template. */
export interface Finding {
  readonly template: string;
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  /** Where in the template, for example `Resources/PredictFunction/Properties/Role`; of cdk-nag, the construct's path. */
  readonly path: string;
  readonly message: string;
}

/** Findings that are looked at and left as they are, by rule, with the reason. An error is never accepted. */
export const ACCEPTED: Readonly<Record<string, string>> = {
  I1022: 'Advice on how to write templates by hand; the CDK writes these.',
  W3010:
    'A private network names its zones: by their place in the list of an account, they may lack a service that it needs.',
  W3005:
    'The CDK has a resource depend on its role and the policies of the role; for the role, its reference says so already.',
};

/**
 * Reads what cfn-lint prints with `--format json`.
 * @throws {z.ZodError} if it is something else
 */
export function parseFindings(output: string): readonly Finding[] {
  return findingsSchema.parse(JSON.parse(output)).map((one) => ({
    template: one.Filename.split(/[\\/]/).at(-1) ?? one.Filename,
    rule: one.Rule.Id,
    level: levelOf(one.Level),
    path: (one.Location.Path ?? []).join('/'),
    message: one.Message,
  }));
}

/** Whether a finding fails the verification: every error, and every other finding that nobody accepted. */
export function fails({ level, rule }: Finding): boolean {
  return level === 'error' || !Object.hasOwn(ACCEPTED, rule);
}

function levelOf(level: string): Finding['level'] {
  switch (level) {
    case 'Error':
      return 'error';
    case 'Warning':
      return 'warning';
    default:
      return 'note';
  }
}

import { ACCEPTED, type Finding, fails } from './findings.ts';

/** The verification of one assembly. */
export interface VerifiedCase {
  readonly name: string;
  readonly templates: readonly string[];
  readonly findings: readonly Finding[];
  /** Whether only templates that fail have a row of their own, below one for all. @default false */
  readonly collapsed?: boolean;
}

/** Whether nothing that was found fails the verification. */
export function passes(cases: readonly VerifiedCase[]): boolean {
  return cases.every(({ findings }) => !findings.some(fails));
}

/** A table of every template, the findings that fail, and how the others were treated. */
export function report(cases: readonly VerifiedCase[]): string {
  const rows = cases.flatMap(rowsOf);
  const failing = cases.flatMap(({ name, findings }) =>
    findings
      .filter(fails)
      .map(({ template, rule, path, message }) => `${rule} ${name}: ${template} ${path}\n     ${message}`),
  );
  return [
    table([['environment', 'template', 'errors', 'warnings', 'notes', ''], ...rows]),
    ...(failing.length === 0 ? [] : [`\nTo be mended:\n${failing.join('\n')}`]),
    ...accepted(cases),
  ].join('\n');
}

function rowsOf({ name, templates, findings, collapsed = false }: VerifiedCase): readonly string[][] {
  const row = (label: string, own: readonly Finding[]) => {
    const count = (level: Finding['level']) => String(own.filter((one) => one.level === level).length);
    const verdict = own.some(fails) ? 'FAIL' : 'ok';
    return [name, label, count('error'), count('warning'), count('note'), verdict];
  };
  const of = (template: string) => findings.filter((finding) => finding.template === template);
  if (!collapsed) return templates.map((template) => row(template, of(template)));
  const failing = templates.filter((template) => of(template).some(fails));
  return [
    row(`all ${templates.length} of them`, findings),
    ...failing.map((template) => row(template, of(template))),
  ];
}

function accepted(cases: readonly VerifiedCase[]): readonly string[] {
  const left = cases.flatMap(({ findings }) => findings).filter((finding) => !fails(finding));
  const rules = [...new Set(left.map(({ rule }) => rule))].sort();
  if (rules.length === 0) return [];
  const lines = rules.map(
    (rule) => `${rule} (${left.filter((finding) => finding.rule === rule).length}): ${ACCEPTED[rule]}`,
  );
  return [`\nAccepted:\n${lines.join('\n')}`];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

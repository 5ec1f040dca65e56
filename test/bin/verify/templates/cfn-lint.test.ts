import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cfnLint } from '../../../../bin/verify/templates/cfn-lint.ts';
import { temporaryFolder, writeFiles } from '../../../lib/support/project.ts';

/** Beside a Python, a program in cfn-lint's place that is given its arguments as `args`. */
function pythonWith(script: string): string {
  const folder = temporaryFolder();
  writeFiles(folder, {
    'cfn-lint': `#!${process.execPath}\nconst args = process.argv.slice(2);\n${script}\n`,
  });
  chmodSync(join(folder, 'cfn-lint'), 0o755);
  return join(folder, 'python');
}

/** Finds in each template how many of them it was given. */
const COUNTING = `
const templates = args.slice(args.indexOf('--template') + 1);
const findingOf = (template) => ({
  Filename: template,
  Level: 'Warning',
  Message: String(templates.length),
  Rule: { Id: 'W1' },
  Location: { Path: null },
});
console.log(JSON.stringify(templates.map(findingOf)));
process.exitCode = 4;
`;

const TEMPLATES = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.template.json`);

const options = (script: string) => ({
  python: pythonWith(script),
  templates: TEMPLATES,
  regions: ['eu-west-1'],
  processes: 2,
});

describe('cfn-lint', () => {
  it('sees every template once, in as many processes as there may be', async () => {
    const findings = await cfnLint(options(COUNTING));

    expect(findings.map(({ template, message }) => `${template} ${message}`).sort()).toEqual([
      'a.template.json 3',
      'b.template.json 2',
      'c.template.json 3',
      'd.template.json 2',
      'e.template.json 3',
    ]);
  });

  it('is not started without a template', async () => {
    const findings = await cfnLint({ ...options(COUNTING), templates: TEMPLATES.slice(0, 1) });

    expect(findings.map(({ message }) => message)).toEqual(['1']);
    expect(await cfnLint({ ...options(COUNTING), templates: [] })).toEqual([]);
  });

  it('fails the verification where one of the processes could not run, with what it said', async () => {
    const failing =
      "if (args.includes('b.template.json')) { console.error('no such region'); process.exit(1); }";

    await expect(cfnLint(options(`${failing}${COUNTING}`))).rejects.toThrow(
      'cfn-lint could not run: no such region',
    );
  });
});

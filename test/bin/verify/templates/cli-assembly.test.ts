import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differingTemplates } from '../../../../bin/verify/templates/cli-assembly.ts';
import { writeFiles } from '../../../lib/support/project.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'furrow-templates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function differing(
  verified: Readonly<Record<string, string>>,
  cli: Readonly<Record<string, string>>,
): readonly string[] {
  writeFiles(join(folder, 'verified'), verified);
  writeFiles(join(folder, 'cli'), cli);
  const findings = differingTemplates(join(folder, 'verified'), join(folder, 'cli'));
  expect(findings.every(({ rule, level }) => rule === 'same-template' && level === 'error')).toBe(true);
  return findings.map(({ template }) => template);
}

const SAME = { 'a.template.json': '{"Resources":{}}', 'b.template.json': '{}' };

describe('differingTemplates', () => {
  it('finds nothing in the same templates, whatever else lies beside them', () => {
    expect(differing({ ...SAME, 'manifest.json': '1' }, { ...SAME, 'manifest.json': '2' })).toEqual([]);
  });

  it('finds a template that differs by one byte, one that is missing and one that nobody verified', () => {
    expect(
      differing(
        { ...SAME, 'c.template.json': '{}' },
        { 'a.template.json': '{"Resources":{} }', 'b.template.json': '{}', 'd.template.json': '{}' },
      ),
    ).toEqual(['a.template.json', 'c.template.json', 'd.template.json']);
  });
});

import { describe, expect, it } from 'vitest';
import { type Finding, parseFindings } from '../../../../bin/verify/report/findings.ts';
import { passes, report } from '../../../../bin/verify/report/report.ts';

const ACCEPTED: Finding = {
  template: 'one.template.json',
  rule: 'W3005',
  level: 'warning',
  path: 'Resources/Role',
  message: 'dependency already enforced',
};
const UNKNOWN: Finding = { ...ACCEPTED, rule: 'W9999', message: 'something new' };
const ERROR: Finding = { ...ACCEPTED, rule: 'E3002', level: 'error', message: 'no such property' };

function verified(...findings: readonly Finding[]) {
  return [{ name: 'dev', templates: ['one.template.json', 'two.template.json'], findings }];
}

describe('what cfn-lint prints', () => {
  it('becomes findings', () => {
    const printed = JSON.stringify([
      {
        Filename: '/tmp/out/one.template.json',
        Level: 'Warning',
        Message: 'dependency already enforced',
        Rule: { Id: 'W3005', Description: '…' },
        Location: { Path: ['Resources', 'Role'], Start: { LineNumber: 1 } },
      },
    ]);

    expect(parseFindings(printed)).toEqual([ACCEPTED]);
  });

  it('is refused when it is no report', () => {
    expect(() => parseFindings('{"message":"usage"}')).toThrow();
  });
});

describe('the verification', () => {
  it('passes with accepted warnings only', () => {
    expect(passes(verified(ACCEPTED))).toBe(true);
    expect(passes(verified())).toBe(true);
  });

  it('fails with an error, with a warning that nobody accepted, and with an error of an accepted rule', () => {
    expect(passes(verified(ERROR))).toBe(false);
    expect(passes(verified(UNKNOWN))).toBe(false);
    expect(passes(verified({ ...ACCEPTED, level: 'error' }))).toBe(false);
  });

  it('reports every template, what is to be mended, and why the rest is accepted', () => {
    expect(report(verified(ACCEPTED, ERROR)).split('\n')).toEqual([
      'environment  template           errors  warnings  notes',
      'dev          one.template.json  1       1         0      FAIL',
      'dev          two.template.json  0       0         0      ok',
      '',
      'To be mended:',
      'E3002 dev: one.template.json Resources/Role',
      '     no such property',
      '',
      'Accepted:',
      expect.stringMatching(/^W3005 \(1\): The CDK has a resource depend on its role/),
    ]);
  });

  it('has one row for many templates of a kind, and one for each of them that fails', () => {
    const [one] = verified(ACCEPTED, ERROR);
    const collapsed = { ...one, name: 'all', templates: one?.templates ?? [], findings: [ACCEPTED, ERROR] };

    expect(
      report([{ ...collapsed, collapsed: true }])
        .split('\n')
        .slice(0, 3),
    ).toEqual([
      'environment  template           errors  warnings  notes',
      'all          all 2 of them      1       1         0      FAIL',
      'all          one.template.json  1       1         0      FAIL',
    ]);
    expect(report([{ ...collapsed, findings: [], collapsed: true }]).split('\n')).toEqual([
      'environment  template       errors  warnings  notes',
      'all          all 2 of them  0       0         0      ok',
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MonitoredDeclaration, monitorQuery } from '../../../../lib/alarms/render/monitor-query.ts';
import type { DatadogSeries } from '../../../../lib/alarms/signals/signal.ts';
import {
  alerts,
  type Expression,
  type MonitorQuery,
  type Points,
  parseQuery,
  printQuery,
} from '../../support/monitor-query.ts';

const COUNT: DatadogSeries = {
  metrics: ['a.count'],
  over: 'sum',
  across: 'sum',
  tags: { queue: 'q', stage: 's' },
};
const LEVEL: DatadogSeries = { metrics: ['a.level'], over: 'max', across: 'max', tags: { queue: 'q' } };

function declared(
  datadog: DatadogSeries,
  [periods, outOf]: readonly [number, number],
  threshold: number,
  statistic: MonitoredDeclaration['signal']['statistic'] = datadog.over === 'sum' ? 'Sum' : 'Maximum',
): MonitoredDeclaration {
  return { signal: { datadog, periodSeconds: 300, statistic }, threshold, breaches: { periods, outOf } };
}

describe('the query of a monitor', () => {
  it.each([
    [
      'a count of one period',
      COUNT,
      [1, 1],
      'sum(last_5m):default_zero(sum:a.count{queue:q,stage:s}.as_count()) > 2',
    ],
    [
      'a level of one period',
      LEVEL,
      [1, 1],
      'max(last_5m):default_zero(max:a.level{queue:q}.fill(null)) > 2',
    ],
    [
      'a count in all of several periods',
      COUNT,
      [2, 2],
      'min(last_10m):default_zero(sum:a.count{queue:q,stage:s}.rollup(sum, 300)) > 2',
    ],
    [
      'a level in all of several periods',
      LEVEL,
      [3, 3],
      'min(last_15m):default_zero(max:a.level{queue:q}.rollup(max, 300).fill(null)) > 2',
    ],
    [
      'a level in some of several periods',
      LEVEL,
      [2, 5],
      'sum(last_25m):default_zero(cutoff_min(max:a.level{queue:q}.rollup(max, 300).fill(null), 2) / ' +
        'cutoff_min(max:a.level{queue:q}.rollup(max, 300).fill(null), 2)) >= 2',
    ],
    [
      'counts that are added up',
      { ...COUNT, metrics: ['a.count', 'b.count'] },
      [1, 1],
      'sum(last_5m):default_zero(default_zero(sum:a.count{queue:q,stage:s}.as_count()) + ' +
        'default_zero(sum:b.count{queue:q,stage:s}.as_count())) > 2',
    ],
    [
      'a share of counts that are added up',
      { ...COUNT, metrics: ['a.count', 'b.count'], dividedBy: 'c.count' },
      [1, 1],
      'sum(last_5m):default_zero((default_zero(sum:a.count{queue:q,stage:s}.as_count()) + ' +
        'default_zero(sum:b.count{queue:q,stage:s}.as_count())) / sum:c.count{queue:q,stage:s}.as_count()) > 2',
    ],
  ] as const)('of %s', (_, datadog, breaches, query) => {
    const made = monitorQuery(declared(datadog, breaches, 2));

    expect(made.query).toBe(query);
    expect(made.critical).toBe(parseQuery(query).threshold);
    expect(printQuery(parseQuery(query))).toBe(query);
  });

  it('alerts on M of N for every M and N', () => {
    const cases = fc
      .integer({ min: 1, max: 9 })
      .chain((outOf) =>
        fc.record({
          outOf: fc.constant(outOf),
          periods: fc.integer({ min: 1, max: outOf }),
          threshold: fc.integer({ min: 0, max: 3 }),
          points: fc.array(fc.option(fc.nat(5), { nil: undefined }), { minLength: outOf, maxLength: outOf }),
        }),
      )
      // One period is looked at as a whole, and needs no rollup; a count is a sum.
      .filter(({ outOf, periods }) => outOf > 1 || periods === 1);

    fc.assert(
      fc.property(cases, ({ outOf, periods, threshold, points }) => {
        const { query } = monitorQuery(declared(COUNT, [periods, outOf], threshold));
        const breaching = points.filter((value = 0) => value > threshold).length;

        expect(alerts(parseQuery(query), () => points)).toBe(breaching >= periods);
      }),
    );
  });

  it('counts the periods of a share that equal the threshold, which CloudWatch does not', () => {
    const share = { ...COUNT, dividedBy: 'b.count' };
    const { query } = monitorQuery(declared(share, [1, 2], 0.25, 'Average'));
    const points =
      (errors: number) =>
      (metric: string): Points =>
        metric === 'a.count' ? [errors, 0] : [1000, 1000];

    expect([249, 250, 251].map((errors) => alerts(parseQuery(query), points(errors)))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('is refused where cutoff_min can not tell what is above 0', () => {
    expect(() => monitorQuery(declared(LEVEL, [2, 3], 0))).toThrow(
      new RangeError(
        "some of several periods above 0 can't be said to Datadog of a signal that is no count: 0 is left by " +
          'cutoff_min, and 0 / 0 is no 1; have every period breach, or a threshold above 0',
      ),
    );
  });
});

describe("the tests' own reading of queries", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$/);
  const by = fc.constantFrom('sum' as const, 'avg' as const, 'max' as const);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const series = fc
    .record({
      kind: fc.constant('series' as const),
      across: by,
      metric: name,
      tags: fc
        .uniqueArray(fc.tuple(name, fc.stringMatching(/^[\w.:/<>-]*$/)), {
          selector: ([tag]) => tag,
          maxLength: 3,
        })
        .map((tags): Record<string, string> => Object.fromEntries(tags)),
      asCount: fc.boolean(),
      rollup: fc.option(fc.record({ by, seconds: fc.nat() }), { nil: undefined }),
      fillNull: fc.boolean(),
    })
    .map(({ rollup, ...one }): Expression => ({ ...one, ...(rollup === undefined ? {} : { rollup }) }));
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      series,
      tie('expression').map((of): Expression => ({ kind: 'default_zero', of })),
      fc
        .tuple(tie('expression'), number)
        .map(([of, bound]): Expression => ({ kind: 'cutoff_min', of, bound })),
      fc
        .tuple(fc.constantFrom('+' as const, '/' as const), tie('expression'), tie('expression'))
        .map(([kind, left, right]): Expression => ({ kind, left, right })),
    ),
  }));
  const queries: fc.Arbitrary<MonitorQuery> = fc.record({
    over: fc.constantFrom('sum', 'avg', 'min', 'max'),
    minutes: fc.nat(),
    expression,
    comparison: fc.constantFrom('>', '>='),
    threshold: number,
  });

  it('is what was printed', () => {
    fc.assert(
      fc.property(queries, (query) => {
        expect(parseQuery(printQuery(query))).toEqual(query);
      }),
    );
  });

  it.each([
    'sum(last_5m):sum:a{b:c}',
    'sum(last_5m):sum:a{b:c} < 1',
    'sum(last_5m):sum:a{b:c}.as_rate() > 1',
    'sum(last_5m):default_zero(sum:a{b:c} > 1',
    'percentile(last_5m):sum:a{b:c} > 1',
    'sum(last_5m):sum:a{b:c} > 1 or so',
  ])('is refused of %s', (query) => {
    expect(() => parseQuery(query)).toThrow(SyntaxError);
  });
});

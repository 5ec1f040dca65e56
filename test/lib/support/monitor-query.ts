/** The part of Datadog's query language that monitors of this project use, read for what it says. */
export interface MonitorQuery {
  readonly over: 'sum' | 'avg' | 'min' | 'max';
  readonly minutes: number;
  readonly expression: Expression;
  readonly comparison: '>' | '>=';
  readonly threshold: number;
}

export type Expression = Series | Call | Binary;

export interface Series {
  readonly kind: 'series';
  readonly across: 'sum' | 'avg' | 'max';
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly asCount: boolean;
  readonly rollup?: { readonly by: 'sum' | 'avg' | 'max'; readonly seconds: number };
  readonly fillNull: boolean;
}

export type Call =
  | { readonly kind: 'default_zero'; readonly of: Expression }
  | { readonly kind: 'cutoff_min'; readonly of: Expression; readonly bound: number };

export interface Binary {
  readonly kind: '+' | '/';
  readonly left: Expression;
  readonly right: Expression;
}

export function printQuery({ over, minutes, expression, comparison, threshold }: MonitorQuery): string {
  return `${over}(last_${minutes}m):${print(expression)} ${comparison} ${threshold}`;
}

function print(expression: Expression): string {
  switch (expression.kind) {
    case 'series': {
      const { across, metric, tags, asCount, rollup, fillNull } = expression;
      const scope = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`);
      return [
        `${across}:${metric}{${scope.join(',')}}`,
        asCount ? '.as_count()' : '',
        rollup === undefined ? '' : `.rollup(${rollup.by}, ${rollup.seconds})`,
        fillNull ? '.fill(null)' : '',
      ].join('');
    }
    case 'default_zero':
      return `default_zero(${print(expression.of)})`;
    case 'cutoff_min':
      return `cutoff_min(${print(expression.of)}, ${expression.bound})`;
    case '+':
      return `${print(expression.left)} + ${inParentheses(expression.right, ['+'])}`;
    case '/':
      return `${inParentheses(expression.left, ['+'])} / ${inParentheses(expression.right, ['+', '/'])}`;
  }
}

function inParentheses(expression: Expression, kinds: readonly string[]): string {
  return kinds.includes(expression.kind) ? `(${print(expression)})` : print(expression);
}

/** @throws {SyntaxError} that shows where the query stops making sense */
export function parseQuery(text: string): MonitorQuery {
  let rest = text;
  const refuse = (): never => {
    throw new SyntaxError(`"${text}" makes no sense from "${rest}" on`);
  };
  const taken = (pattern: RegExp): readonly string[] | undefined => {
    const found = new RegExp(`^(?:${pattern.source})`).exec(rest);
    if (found === null) return undefined;
    rest = rest.slice(found[0].length);
    return found.slice(1);
  };
  const take = (pattern: RegExp): readonly string[] => taken(pattern) ?? refuse();
  const NUMBER = /(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)/;

  const sum = (): Expression => {
    let left = quotient();
    while (taken(/ \+ /)) left = { kind: '+', left, right: quotient() };
    return left;
  };
  const quotient = (): Expression => {
    let left = operand();
    while (taken(/ \/ /)) left = { kind: '/', left, right: operand() };
    return left;
  };
  const operand = (): Expression => {
    if (taken(/\(/)) {
      const inner = sum();
      take(/\)/);
      return inner;
    }
    if (taken(/default_zero\(/)) {
      const of = sum();
      take(/\)/);
      return { kind: 'default_zero', of };
    }
    if (taken(/cutoff_min\(/)) {
      const of = sum();
      const [bound] = take(new RegExp(`, ${NUMBER.source}\\)`));
      return { kind: 'cutoff_min', of, bound: Number(bound) };
    }
    return series();
  };
  const series = (): Series => {
    const [across, metric, scope = ''] = take(/(sum|avg|max):([a-z][\w.]*)\{([^{}]*)\}/);
    const asCount = taken(/\.as_count\(\)/) !== undefined;
    const rollup = taken(/\.rollup\((sum|avg|max), (\d+)\)/);
    const fillNull = taken(/\.fill\(null\)/) !== undefined;
    return {
      kind: 'series',
      across: across as Series['across'],
      metric: metric ?? refuse(),
      tags: Object.fromEntries(
        scope
          .split(',')
          .filter((one) => one !== '')
          .map((one) => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1)]),
      ),
      asCount,
      ...(rollup === undefined
        ? {}
        : { rollup: { by: rollup[0] as Series['across'], seconds: Number(rollup[1]) } }),
      fillNull,
    };
  };

  const [over, minutes] = take(/(sum|avg|min|max)\(last_(\d+)m\):/);
  const expression = sum();
  const [comparison, threshold] = take(new RegExp(` (>=?) ${NUMBER.source}$`));
  return {
    over: over as MonitorQuery['over'],
    minutes: Number(minutes),
    expression,
    comparison: comparison as MonitorQuery['comparison'],
    threshold: Number(threshold),
  };
}

/** Every series of a query, in the order in which it is read. */
export function seriesOf(expression: Expression): readonly Series[] {
  if (expression.kind === 'series') return [expression];
  if ('of' in expression) return seriesOf(expression.of);
  return [...seriesOf(expression.left), ...seriesOf(expression.right)];
}

/** The bounds of every `cutoff_min`. */
export function boundsOf(expression: Expression): readonly number[] {
  if (expression.kind === 'series') return [];
  if (expression.kind === 'cutoff_min') return [expression.bound, ...boundsOf(expression.of)];
  if ('of' in expression) return boundsOf(expression.of);
  return [...boundsOf(expression.left), ...boundsOf(expression.right)];
}

/** A metric's points, one for each period of the window; undefined where there is none. */
export type Points = readonly (number | undefined)[];

/**
 * Whether a monitor alerts, by what Datadog documents: a value that is missing on either side, or a division by 0, gives no
 * value; `cutoff_min` takes away what is below its bound; arithmetic on counts is done after the window was added up
 * ("as_count() in monitor evaluations"), on everything else before; what has no value at all does not alert.
 */
export function alerts(query: MonitorQuery, points: (metric: string) => Points): boolean {
  const counts = seriesOf(query.expression).some(({ asCount }) => asCount);
  if (counts && query.over !== 'sum') throw new Error('counts can only be added up over time');
  const read = counts ? (metric: string) => [reduced('sum', points(metric))] : points;
  const values = valuesOf(query.expression, read);
  const value = counts ? values[0] : reduced(query.over, values);
  if (value === undefined) return false;
  return query.comparison === '>' ? value > query.threshold : value >= query.threshold;
}

function valuesOf(expression: Expression, points: (metric: string) => Points): Points {
  switch (expression.kind) {
    case 'series':
      return points(expression.metric);
    case 'default_zero':
      return valuesOf(expression.of, points).map((value) => value ?? 0);
    case 'cutoff_min':
      return valuesOf(expression.of, points).map((value) =>
        value !== undefined && value >= expression.bound ? value : undefined,
      );
    default: {
      const right = valuesOf(expression.right, points);
      return valuesOf(expression.left, points).map((left, index) =>
        combined(expression.kind, left, right[index]),
      );
    }
  }
}

function combined(
  operator: Binary['kind'],
  left: number | undefined,
  right: number | undefined,
): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '+') return left + right;
  return right === 0 ? undefined : left / right;
}

function reduced(over: MonitorQuery['over'], values: Points): number | undefined {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return undefined;
  if (over === 'min') return Math.min(...present);
  if (over === 'max') return Math.max(...present);
  const total = present.reduce((sum, value) => sum + value, 0);
  return over === 'sum' ? total : total / present.length;
}

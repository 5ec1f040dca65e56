import type { ComparedFile, Measure } from './compare-artifacts.ts';
import type { Difference } from './compare-json.ts';

/** More differences of one model than these say nothing new. */
const MOST_SHOWN = 20;
/** A value that is longer, such as an image, is cut. */
const LONGEST_VALUE = 60;

const SAME: Readonly<Record<Measure, string>> = {
  bytes: 'the same bytes',
  numbers: 'the same, its numbers within the tolerance of a training',
  predictions: 'the same predictions',
};

/** Whether the two trainings made the same. */
export function isReproduced(files: readonly ComparedFile[]): boolean {
  return files.every(({ differences }) => differences.length === 0);
}

/** What a comparison found, in lines: each file that is the same, then the differences, then what made them if not the same. */
export function report(model: string, files: readonly ComparedFile[]): readonly string[] {
  const place = (file: string) => `models/${model}/artifacts/${printable(file)}`;
  const same = files
    .filter(({ differences }) => differences.length === 0)
    .map(({ file, measure }) => `${place(file)}: ${SAME[measure]}`);
  const different = files.flatMap(({ file, measure, differences }) =>
    differences.map((difference) => `${place(file)}${told(difference, measure)}`),
  );
  const left = different.length - MOST_SHOWN;
  const generators = files.flatMap(({ file, generator }) =>
    generator.map((difference) => `${place(file)}${told(difference, 'numbers')}; for information only`),
  );
  return [
    ...same,
    ...different.slice(0, MOST_SHOWN),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...generators,
  ];
}

function told(difference: Difference, measure: Measure): string {
  const at = difference.path === '' ? '' : ` ${printable(difference.path)}`;
  switch (difference.kind) {
    case 'fault':
      return `${at}: ${difference.problem}`;
    case 'not-trained':
      return `${at}: committed ${shown(difference.committed)}, and not trained`;
    case 'not-committed':
      return `${at}: trained ${shown(difference.trained)}, and not committed`;
    case 'changed': {
      const [one, other] =
        measure === 'predictions' ? ['committed model', 'trained model'] : ['committed', 'trained'];
      const { committed, trained } = difference;
      return `${at}: ${one} ${shown(committed)}, ${other} ${shown(trained)}${apart(committed, trained)}`;
    }
  }
}

function apart(committed: unknown, trained: unknown): string {
  if (typeof committed !== 'number' || typeof trained !== 'number') return '';
  const relative = Math.abs(trained - committed) / Math.abs(committed);
  return Number.isFinite(relative) ? ` (relative difference ${relative.toPrecision(3)})` : '';
}

/** A value as JSON; numbers that JSON has no word for by their name. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)` : text;
}

/** A name on one line, whatever it holds. */
function printable(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

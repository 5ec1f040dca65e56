import { benchSynth } from './synth.ts';

/** Benchmarks by name. */
const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = { synth: benchSynth };

const [name = ''] = process.argv.slice(2);
const benchmark = BENCHMARKS[name];
if (benchmark === undefined) {
  console.error(
    `There is no benchmark "${name}". Use: npm run bench -- ${Object.keys(BENCHMARKS).join(' | ')}`,
  );
  process.exitCode = 1;
} else await benchmark();

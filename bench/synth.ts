import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyProject, setModels } from './synth/project.ts';
import { runSynthesis } from './synth/run-synthesis.ts';
import { largestStack, type StackSize } from './synth/stack-sizes.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const COUNTS = [1, 10, 50, 100] as const;
/** Of several runs the fastest is the one that was disturbed least. */
const RUNS = 3;

interface Measured {
  readonly models: number;
  /**
   * Wall-clock time of the fastest run, and its processor time over all its threads. esbuild's is not in that: it is a
   * process of its own, which the app does not wait for when it ends, and so the shell does not count it.
   */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly largestStack: StackSize;
}

/**
 * How long synthesis takes for 1, 10, 50 and 100 models, what one more costs, and how large the largest stack is: the one
 * with the most resources. The models are copies of the project's own, in turns. The result is `bench/results/synth.json`,
 * and a line for each count.
 */
export async function benchSynth(): Promise<void> {
  const copy = join(ROOT, 'build', 'bench-synth');
  const measured: Measured[] = [];
  try {
    copyProject(ROOT, copy);
    for (const models of COUNTS) {
      setModels(ROOT, copy, models);
      const runs = Array.from({ length: RUNS }, () => runSynthesis(copy, join(copy, 'cdk.out')));
      const fastest = runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
      const one = { models, ...fastest, largestStack: largestStack(join(copy, 'cdk.out')) };
      measured.push(one);
      console.log(describe(one));
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  const marginalSeconds = marginal(measured, 'seconds');
  const marginalCpuSeconds = marginal(measured, 'cpuSeconds');
  console.log(
    `one more model: ${marginalSeconds.toFixed(3)} s (processor: ${marginalCpuSeconds.toFixed(3)} s)`,
  );
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, Node ${process.version}`;
  const results = join(ROOT, 'bench', 'results');
  mkdirSync(results, { recursive: true });
  const result = { date: new Date().toISOString(), machine, measured, marginalSeconds, marginalCpuSeconds };
  writeFileSync(join(results, 'synth.json'), `${JSON.stringify(result, null, 2)}\n`);
}

/** What each further model costs, in seconds, between the fewest and the most. */
function marginal(measured: readonly Measured[], time: 'seconds' | 'cpuSeconds'): number {
  const [fewest, most] = [measured[0], measured.at(-1)];
  if (fewest === undefined || most === undefined) throw new Error('nothing was measured');
  return (most[time] - fewest[time]) / (most.models - fewest.models);
}

function describe({ models, seconds, cpuSeconds, largestStack: stack }: Measured): string {
  const size = `${stack.resources} resources, ${(stack.bytes / 1024).toFixed(0)} KB (${stack.name})`;
  return `${String(models).padStart(3)} models: ${seconds.toFixed(2)} s (processor: ${cpuSeconds.toFixed(2)} s); largest stack: ${size}`;
}

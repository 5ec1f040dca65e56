import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

export interface SynthesisRun {
  readonly seconds: number;
  /** Of all threads of the run, and not of esbuild, which nobody waits for when it ends. */
  readonly cpuSeconds: number;
}

/** Prints the processor time that ended child processes took, as the shell knows it, after the command. */
const TIMED = 'exec 3>&1; "$@" >/dev/null && times >&3';

/** Synthesizes a project in a process of its own, as the CDK CLI does. */
export function runSynthesis(root: string, outDir: string): SynthesisRun {
  rmSync(outDir, { recursive: true, force: true });
  const started = performance.now();
  const command = [process.execPath, '--import', 'tsx', 'bin/app.ts'];
  const output = execFileSync('sh', ['-c', TIMED, 'sh', ...command], {
    cwd: root,
    env: { PATH: process.env.PATH, CDK_OUTDIR: outDir },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: childrenSeconds(output) };
}

/** The second line of `times`: user and system time of the children, each as `0m1.234s`. */
function childrenSeconds(output: string): number {
  const [, children = ''] = output.trim().split('\n');
  const times = [...children.matchAll(/(\d+)m([\d.,]+)s/g)];
  if (times.length !== 2) throw new Error(`the shell told no processor time: ${output}`);
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds?.replace(',', '.')),
    0,
  );
}

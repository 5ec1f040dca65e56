import { cpSync, linkSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isSource } from '../../bench/synth/project.ts';
import { ROOT } from '../e2e/assembly.ts';

/** What a clone and `npm ci` would not make. */
const NOT_COPIED = ['node_modules', 'build', 'cdk.out', '.furrow', '.git', 'coverage'];

/** The whole project in another folder, with packages of its own, as a clone with `npm ci` has them. */
export function copyWhole(target: string): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(ROOT)) {
    if (NOT_COPIED.includes(entry)) continue;
    cpSync(join(ROOT, entry), join(target, entry), { recursive: true, filter: isSource });
  }
  linkTree(join(ROOT, 'node_modules'), join(target, 'node_modules'));
}

/** A copy of a folder whose files are links: a copy of the packages would take a gigabyte. */
function linkTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}

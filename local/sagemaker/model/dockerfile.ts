import { existsSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';

/** What the last stage of a Dockerfile starts, in the container's own paths. */
export interface ImageProgram {
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly copies: readonly { readonly sources: readonly string[]; readonly destination: string }[];
}

/** An image whose program can't be run outside of a container; the message says why. */
export class UnrunnableImage extends Error {
  override readonly name = 'UnrunnableImage';
}

/** The argument that SageMaker runs an image with (developer guide, "How SageMaker runs your inference image"). */
const SERVE = 'serve';

/**
 * Reads the last stage of a Dockerfile, as far as it says which program runs and where its files come from.
 * @throws {UnrunnableImage} where the program is given to a shell, or not at all
 */
export function parseDockerfile(text: string): ImageProgram {
  let entrypoint: readonly string[] = [];
  let workingDirectory = '/';
  let environment: Record<string, string> = {};
  let copies: { sources: readonly string[]; destination: string }[] = [];
  for (const line of instructions(text)) {
    const [, keyword = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(line) ?? [];
    switch (keyword.toUpperCase()) {
      case 'FROM':
        entrypoint = [];
        workingDirectory = '/';
        environment = {};
        copies = [];
        break;
      case 'WORKDIR':
        workingDirectory = posix.resolve(workingDirectory, rest.trim());
        break;
      case 'ENV':
        Object.assign(environment, parseEnv(rest));
        break;
      case 'COPY':
      case 'ADD':
        copies.push(...parseCopy(rest, workingDirectory));
        break;
      case 'ENTRYPOINT':
        entrypoint = execForm('ENTRYPOINT', rest);
        break;
    }
  }
  if (entrypoint.length === 0) {
    throw new UnrunnableImage(
      `its Dockerfile has no ENTRYPOINT: SageMaker runs \`docker run IMAGE ${SERVE}\`, which replaces a CMD`,
    );
  }
  return { command: [...entrypoint, SERVE], workingDirectory, environment, copies };
}

/**
 * The file in the image's build folder that a path in the container was copied from.
 * @param folder the build context
 * @throws {UnrunnableImage} where it does not come from there
 */
export function hostPath(program: ImageProgram, folder: string, containerPath: string): string {
  const wanted = posix.resolve(program.workingDirectory, containerPath);
  for (const { sources, destination } of program.copies.toReversed()) {
    const below = posix.relative(destination, wanted);
    if (below.startsWith('..')) continue;
    for (const source of sources) {
      // A folder's content goes into the destination; a file goes below it, or takes its name.
      const isItself = below === '' || below === basename(source);
      const found = [join(folder, source, below), ...(isItself ? [join(folder, source)] : [])].find(isFile);
      if (found !== undefined) return found;
    }
  }
  throw new UnrunnableImage(`${containerPath} is not copied into the image from its build folder`);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Instructions with their continuation lines joined, without comments. */
function instructions(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  const joined = lines.join('\n').replace(/\\\s*\n/g, ' ');
  return joined.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

function execForm(keyword: string, rest: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(rest);
    if (Array.isArray(parsed) && parsed.every((part) => typeof part === 'string')) return parsed;
  } catch {
    // Not JSON: the shell form, refused below.
  }
  throw new UnrunnableImage(`its ${keyword} is in shell form: write it as a JSON array`);
}

function parseEnv(rest: string): Record<string, string> {
  const pairs = [...rest.matchAll(/([A-Za-z_][A-Za-z0-9_]*)=("(?:[^"\\]|\\.)*"|\S*)/g)];
  if (pairs.length === 0) {
    const [, name, value = ''] = /^(\S+)\s+(.*)$/.exec(rest) ?? [];
    return name === undefined ? {} : { [name]: value };
  }
  return Object.fromEntries(
    pairs.map(([, name = '', value = '']) => [name, value.replace(/^"(.*)"$/s, '$1')]),
  );
}

function parseCopy(
  rest: string,
  workingDirectory: string,
): { sources: readonly string[]; destination: string }[] {
  // What another stage or a URL brings in is not in the build folder.
  if (/--from=/.test(rest)) return [];
  const words = rest.trim().startsWith('[') ? (JSON.parse(rest) as string[]) : rest.trim().split(/\s+/);
  const paths = words.filter((word) => !word.startsWith('--'));
  const destination = paths.at(-1);
  if (destination === undefined || paths.length < 2) return [];
  return [{ sources: paths.slice(0, -1), destination: posix.resolve(workingDirectory, destination) }];
}

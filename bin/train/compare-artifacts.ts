import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { hasArtifact, type Model } from '../../contract/model/model.ts';
import { type Difference, differencesOf } from './compare-json.ts';
import { onnxDifferences, questionsOf } from './compare-onnx.ts';
import { trainingsAgree } from './tolerance.ts';

/** What a file was compared by. */
export type Measure = 'bytes' | 'numbers' | 'predictions';

/** One artifact of two trainings. */
export interface ComparedFile {
  /** Relative to the folder of artifacts, with slashes. */
  readonly file: string;
  readonly measure: Measure;
  readonly differences: readonly Difference[];
  /** Where {@link GENERATOR} differs: to be told, and no difference. */
  readonly generator: readonly Difference[];
}

/** Two folders of artifacts. */
export interface ArtifactFolders {
  readonly committed: string;
  readonly trained: string;
}

/** The member of a JSON file that says what made it (Python, packages, by version). What it made is compared, it is not. */
const GENERATOR = 'generator';

/**
 * Compares all that two trainings of a model left behind: JSON by structure and by numbers within
 * {@link trainingsAgree}, ONNX by predictions for the committed `reference.json`, anything else by bytes. A file that only
 * one of them has is a difference.
 * @throws {TrainingError} where the committed `reference.json` is not usable
 */
export async function compareArtifacts(
  model: Model,
  { committed, trained }: ArtifactFolders,
): Promise<readonly ComparedFile[]> {
  const files = { committed: filesBelow(committed), trained: filesBelow(trained) };
  const all = [...new Set([...files.committed, ...files.trained])].sort();
  const compared: ComparedFile[] = [];
  for (const file of all) {
    if (!files.trained.includes(file))
      compared.push(fault(file, 'is committed, and training did not write it'));
    else if (!files.committed.includes(file)) compared.push(fault(file, 'was trained, and is not committed'));
    else compared.push(await compareFile(model, file, { committed, trained }));
  }
  return compared;
}

async function compareFile(model: Model, file: string, folders: ArtifactFolders): Promise<ComparedFile> {
  const paths = { committed: join(folders.committed, file), trained: join(folders.trained, file) };
  const bytes = { committed: readFileSync(paths.committed), trained: readFileSync(paths.trained) };
  if (bytes.committed.equals(bytes.trained)) {
    return { file, measure: 'bytes', differences: [], generator: [] };
  }
  if (file.endsWith('.json')) return compareJson(file, bytes);
  if (file.endsWith('.onnx') && hasArtifact(model)) {
    const reference = join(folders.committed, 'reference.json');
    const questions = questionsOf(model, existsSync(reference) ? readFileSync(reference, 'utf8') : undefined);
    const differences = await onnxDifferences(model, paths, questions);
    return { file, measure: 'predictions', differences, generator: [] };
  }
  return fault(file, `differs: ${bytes.committed.length} bytes committed, ${bytes.trained.length} trained`);
}

function compareJson(
  file: string,
  bytes: { readonly committed: Uint8Array; readonly trained: Uint8Array },
): ComparedFile {
  const [committed, trained] = [parsed(bytes.committed), parsed(bytes.trained)];
  if ('reason' in committed) return fault(file, `as committed is not JSON: ${committed.reason}`);
  if ('reason' in trained) return fault(file, `as trained is not JSON: ${trained.reason}`);
  const exactly = (left: number, right: number) => left === right;
  return {
    file,
    measure: 'numbers',
    differences: differencesOf(committed.content, trained.content, trainingsAgree),
    generator: differencesOf(committed.generator, trained.generator, exactly, `/${GENERATOR}`),
  };
}

/** A JSON document, and what it says of its generator. */
function parsed(bytes: Uint8Array): { content: unknown; generator: unknown } | { reason: string } {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { reason: (error as Error).message };
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { content: document, generator: undefined };
  }
  const { [GENERATOR]: generator, ...content } = document as Readonly<Record<string, unknown>>;
  return { content, generator };
}

function fault(file: string, problem: string): ComparedFile {
  return { file, measure: 'bytes', differences: [{ path: '', kind: 'fault', problem }], generator: [] };
}

/** All files below a folder; none where there is no folder. */
function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => !statSync(path).isDirectory())
    .map((path) => relative(folder, path).split(sep).join('/'));
}

import { BATCH_FOLDERS, BATCH_SUFFIX } from '../../contract/deployment/batch.ts';

/** Digits of a chunk's and a part's number, so that names sort as numbers do. */
const DIGITS = 8;

const numbered = (number: number): string => String(number).padStart(DIGITS, '0');

/** Where the rows of a chunk lie between the steps. */
export const rowsKey = (execution: string, chunk: number): string =>
  `${BATCH_FOLDERS.work}/${execution}/rows/${numbered(chunk)}.json`;

/** The requests of an execution: what its transform job reads. */
export const requestsFolder = (execution: string): string => `${BATCH_FOLDERS.work}/${execution}/requests/`;

export const requestKey = (execution: string, chunk: number): string =>
  `${requestsFolder(execution)}${numbered(chunk)}.json`;

/** Where the transform job writes. */
export const answersFolder = (execution: string): string => `${BATCH_FOLDERS.work}/${execution}/answers/`;

/** The answer to a request, by its name within the folder that the job made of {@link answersFolder}. */
export const answerName = (chunk: number): string => `${numbered(chunk)}.json.out`;

export const resultsFolder = (execution: string): string => `${BATCH_FOLDERS.results}/${execution}/`;

export const summaryKey = (execution: string): string => `${resultsFolder(execution)}summary.json`;

/** A part of an object's results: `incoming/july/a.jsonl` has them in `results/<execution>/july/a/`. */
export function resultsKey(execution: string, source: string, part: number): string {
  const path = source.slice(BATCH_FOLDERS.incoming.length + 1, -BATCH_SUFFIX.length);
  return `${resultsFolder(execution)}${path}/${numbered(part)}${BATCH_SUFFIX}`;
}

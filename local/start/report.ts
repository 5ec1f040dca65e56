import { relative } from 'node:path';
import type { RequestSummary } from '../apigateway/service.ts';
import type { TypeNote } from '../core/type-notes.ts';
import { curlLine } from './curl.ts';
import type { LocalModel, RunningLocal } from './start-local.ts';

/** What is said to a person or a program while the local cloud runs. */
export interface Reporter {
  ready(local: RunningLocal): void;
  request(summary: RequestSummary): void;
  /** Source has changed and the app is synthesized again. */
  rebuilding(): void;
  /** A deployment was given up, and what ran before it runs on. */
  rolledBack(reason: string): void;
  stopped(): void;
}

type Write = (text: string) => void;

/** One JSON object a line. */
export function jsonReporter(write: Write): Reporter {
  const emit = (event: string, more: object = {}) => write(`${JSON.stringify({ event, ...more })}\n`);
  return {
    ready: ({ models, frontDoorUrl, dataDir, cloud }) =>
      emit('ready', {
        models: models.map(({ name, url, apiKey }) => ({ name, url, apiKey })),
        frontDoor: frontDoorUrl,
        dataDir,
        notEmulated: cloud.notEmulated,
        withoutEffect: cloud.inert,
      }),
    request: (summary) => emit('request', summary),
    rebuilding: () => emit('rebuilding'),
    rolledBack: (reason) => emit('rolled-back', { reason }),
    stopped: () => emit('stopped'),
  };
}

/** Text for a terminal. @param bold marks what matters, where the terminal can */
export function textReporter(write: Write, bold: (text: string) => string = (text) => text): Reporter {
  return {
    ready: (local) => write(describe(local, bold)),
    request: ({ method, path, status, latencyMs }) =>
      write(`${String(status)}  ${method.padEnd(6)} ${path}  ${latencyMs} ms\n`),
    rebuilding: () => write('\nThe source has changed: synthesizing again.\n'),
    rolledBack: (reason) => write(bold(`Rolled back: ${reason}`).concat('\nWhat ran before runs on.\n')),
    stopped: () => write('Stopped.\n'),
  };
}

function describe(local: RunningLocal, bold: (text: string) => string): string {
  const { models, frontDoorUrl, dataDir, cloud } = local;
  const lines = ['', bold(`Furrow runs ${counted(models.length, 'model')} on this computer`), ''];
  for (const model of models) {
    const { name, url, exampleRequest } = model;
    lines.push(`  ${bold(name)}`, `    URL      ${url}`, access(model));
    if (exampleRequest !== undefined)
      lines.push('    Try it', `      ${curlLine(url, model, exampleRequest)}`);
    lines.push('');
  }
  if (models.length === 0) lines.push('  No stack of the app has the outputs ModelName and ApiUrl.', '');
  lines.push(
    `  AWS APIs   ${frontDoorUrl}   (AWS_ENDPOINT_URL for the SDK and the AWS CLI)`,
    `  Data, logs ${shortened(dataDir)}`,
    '',
    ...notes('Not emulated', cloud.notEmulated),
    ...notes('Without effect here', cloud.inert),
    'A development tool: it listens on loopback only. Ctrl-C stops it.',
    '',
  );
  return `${lines.join('\n')}\n`;
}

/** What a caller needs, in a line. */
function access({ apiKey, signingRegion, tokenIssuer }: LocalModel): string {
  if (tokenIssuer !== undefined) return `    Access   tokens of ${tokenIssuer}`;
  if (signingRegion !== undefined) return `    Access   signed requests (execute-api in ${signingRegion})`;
  return `    API key  ${apiKey ?? 'none needed'}`;
}

/** A path below the working directory without it, any other as it is. */
function shortened(path: string): string {
  const below = relative(process.cwd(), path);
  return below === '' || below.startsWith('..') ? path : below;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** One line for each type and reason. */
function notes(title: string, all: readonly TypeNote[]): readonly string[] {
  if (all.length === 0) return [];
  const lines = all.map(({ type, paths, reason }) => `  ${type} (${paths.length}): ${reason}`);
  return [`${title}:`, ...lines, ''];
}

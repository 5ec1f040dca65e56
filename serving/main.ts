import { isMainThread } from 'node:worker_threads';
import { ModelServer } from './server.ts';
import { type Config, readConfig } from './settings/config.ts';
import { createLog, type Log } from './settings/log.ts';

/**
 * The model server: the program of the container image, and of the same container on a laptop. It starts itself a
 * second time as the thread that holds the model, so that it stays one file when bundled.
 */
async function main(): Promise<void> {
  if (!isMainThread) {
    // Loaded here alone: the main thread needs no ONNX Runtime.
    const { runWorker } = await import('./runtime/worker.ts');
    return runWorker();
  }
  const config = readConfig(process.env);
  const log = createLog(config.logLevel, (line) => process.stdout.write(line), Date.now);
  await serve(config, log);
}

async function serve(config: Config, log: Log): Promise<void> {
  let ending = false;
  const end = async (cleanCode: number): Promise<void> => {
    if (ending) return;
    ending = true;
    const drained = await server.drain();
    process.exit(drained ? cleanCode : 1);
  };
  const server = new ModelServer({
    config,
    log,
    program: process.argv[1] ?? '',
    now: Date.now,
    onModelGone: () => void end(1),
  });
  process.on('SIGTERM', () => void end(0));
  process.on('SIGINT', () => void end(0));
  const port = await server.listen();
  log('info', 'listening', { port, address: config.address });
  await server.load();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});

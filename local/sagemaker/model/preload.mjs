// Loaded into every model process before its own program.
import { register } from 'node:module';

// The local cloud holds the other end of standard input: when it dies, however it dies, the pipe ends, and a model
// process without its cloud would stay on this machine for ever.
process.stdin.on('end', () => process.exit(143));
process.stdin.on('error', () => process.exit(143));
process.stdin.resume();
process.stdin.unref();

register('./resolve-hooks.mjs', import.meta.url);

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFramework } from '../lib/bundling/framework.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// esbuild is a process of its own: it is at work while the CDK and the models are loaded.
const framework = bundleFramework(root);
// Where it fails before it is asked for, it is told then.
framework.catch(() => undefined);
const { runApp } = await import('./run-app.ts');
process.exitCode = await runApp({ root, framework });

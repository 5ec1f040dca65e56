import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { APP_PROPS } from '../../../../lib/app-props.ts';
import { temporaryFolder } from './folders.ts';

/** Synthesizes an app into a temporary folder and answers where. */
export function synthesizeApp(define: (app: App) => void): string {
  const outdir = temporaryFolder();
  const app = new App({ ...APP_PROPS, outdir });
  define(app);
  app.synth();
  return outdir;
}

/** Synthesizes an app of one stack, named `Test`. */
export function synthesizeStack(define: (stack: Stack) => void, props: StackProps = {}): string {
  return synthesizeApp((app) => define(new Stack(app, 'Test', props)));
}

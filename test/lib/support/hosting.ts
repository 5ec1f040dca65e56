import { type Hosting, type HostingMode, settingsFor } from '../../../contract/deployment/deployment.ts';
import { deploymentOf, REALTIME, SERVERLESS } from './models.ts';

/** Hostings as a deployment has them, with every default. */
export const SERVERLESS_HOSTING = withMode(
  'serverless',
  settingsFor(deploymentOf(SERVERLESS), 'dev').hosting,
);
export const REALTIME_HOSTING = withMode('realtime', settingsFor(deploymentOf(REALTIME), 'dev').hosting);

function withMode<M extends HostingMode>(mode: M, hosting: Hosting): Extract<Hosting, { mode: M }> {
  if (hosting.mode !== mode) throw new Error(`the mode is ${hosting.mode}`);
  return hosting as Extract<Hosting, { mode: M }>;
}

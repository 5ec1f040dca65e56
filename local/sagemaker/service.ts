import type {} from '../core/plugin/services.ts';

declare module '../core/plugin/services.ts' {
  interface CloudServices {
    /** Endpoints that do not run here, by name, each with the reason. */
    notRunning?: ReadonlyMap<string, string>;
  }
}

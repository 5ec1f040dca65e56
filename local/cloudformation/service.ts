import type {} from '../core/plugin/services.ts';

declare module '../core/plugin/services.ts' {
  interface CloudServices {
    /** What the providers of custom resources call them, by stack and logical id. */
    physicalIds?: Map<string, string>;
  }
}

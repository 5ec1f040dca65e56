import { defineConfig } from 'vitest/config';

/**
 * The CDK's own validation of a template takes longer than everything else about a synthesis. `npm run verify` switches
 * it on for the project's templates; those of the tests' fixtures are made up.
 */
const WITHOUT_VALIDATION = { CDK_VALIDATION: 'false' };

/** Tests whose work is the synthesis of the project's own stacks, which they share. */
const TEMPLATES = ['test/lib/**/*.test.ts', 'test/bin/verify/templates/nag.test.ts'];

/** What a change seldom breaks, and takes long: `npm run test:wide`. */
const WIDE = 'test/wide/**/*.test.ts';

export default defineConfig({
  test: {
    // Every core, where Vitest leaves one free. The end-to-end tests start first, the short ones fill up the end.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', WIDE, ...TEMPLATES],
          // Starting a process and loading the SDKs anew for each file takes longer than most files do.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // Handlers under test log as they do in production; only their assertions should be seen.
          env: {
            ...WITHOUT_VALIDATION,
            POWERTOOLS_LOG_LEVEL: 'SILENT',
            POWERTOOLS_SERVICE_NAME: 'test',
            MODEL_ENVIRONMENT: 'test',
          },
        },
      },
      {
        test: {
          name: 'templates',
          include: TEMPLATES,
          // Loading the CDK takes longer than most of these files do, and they keep no state of their own.
          isolate: false,
          env: WITHOUT_VALIDATION,
          testTimeout: 30_000,
          // One hook synthesizes every case of the matrix, where its file is the first of a worker.
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Files may run at the same time: each has a local cloud of its own, with its ports, data and processes.
          globalSetup: 'test/e2e/assembly.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'wide',
          include: [WIDE],
          env: WITHOUT_VALIDATION,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});

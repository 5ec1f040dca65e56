import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/lib/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // Handlers under test log as they do in production; only their assertions should be seen.
          env: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_SERVICE_NAME: 'test', MODEL_ENVIRONMENT: 'test' },
        },
      },
      {
        test: {
          name: 'templates',
          include: ['test/lib/**/*.test.ts'],
          // Loading the CDK takes longer than most of these files do, and they keep no state of their own.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/assembly.ts',
          // Each file runs a whole local cloud with processes of its own.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

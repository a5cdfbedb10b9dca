import { defineConfig } from 'vitest/config';

/** One project a ring; `site`, `e2e` and `base` need a built site (see tests/site/built-site.ts). */
export default defineConfig({
  test: {
    // Lists of violations are the messages; a list that is cut says nothing.
    chaiConfig: { truncateThreshold: 0 },
    projects: [
      { extends: true, test: { name: 'rooms', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 60_000 } },
      { extends: true, test: { name: 'architecture', include: ['tests/architecture/**/*.test.ts'], testTimeout: 20_000 } },
      { extends: true, test: { name: 'content', include: ['tests/content/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 60_000 } },
      { extends: true, test: { name: 'scenarios', include: ['tests/scenarios/**/*.test.ts'], testTimeout: 60_000 } },
      { extends: true, test: { name: 'postgres', include: ['tests/postgres/**/*.test.ts'], globalSetup: ['tests/postgres/serve.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      { extends: true, test: { name: 'site', include: ['tests/site/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      // Its site is built with `--base`; SITE_BASE says which.
      { extends: true, test: { name: 'base', include: ['tests/base/**/*.test.ts'], globalSetup: ['tests/e2e/serve.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/e2e/serve.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Layout shift and timing are measured; two browsers on two cores would measure each other.
          fileParallelism: false,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/examples/**/*.ts'],
      // A scenario sets a stage for the example; tests/scenarios holds it.
      exclude: ['**/*.test.ts', '**/scenario.ts'],
      reporter: ['text', 'json-summary'],
      reportOnFailure: true,
      reportsDirectory: '.test-results/coverage',
      thresholds: { perFile: true, branches: 100, functions: 100, lines: 100 },
    },
  },
});

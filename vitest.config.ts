import { defineConfig } from 'vitest/config'

// Tests and type checks run on the sources; only `node` itself uses `dist`.
export default defineConfig({
  resolve: { conditions: ['@fixpoint/source'] },
  ssr: { resolve: { conditions: ['@fixpoint/source'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'test/house/**/*.test.ts'],
          exclude: ['**/*.docker.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'docker',
          include: ['packages/*/src/**/*.docker.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/house/**', 'test/security/**', 'test/long/**', '**/node_modules/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        extends: true,
        test: { name: 'security', include: ['test/security/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000, maxWorkers: 1 },
      },
      {
        extends: true,
        test: { name: 'long', include: ['test/long/**/*.test.ts'], testTimeout: 900_000, hookTimeout: 900_000, maxWorkers: 1 },
      },
    ],
  },
})

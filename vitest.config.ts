import { defineConfig } from 'vitest/config'

// Tests and type checks run on the sources; only `node` itself uses `dist`.
/** They fill memory and disks or install from a registry: minutes, and more than a busy machine can promise. `npm run test:long` runs them. */
const SLOW_ENGINE_TESTS = [
  ...['hostile-commands', 'registry-front', 'environments'].map((name) => `packages/sandbox/src/**/${name}.docker.test.ts`),
  'test/stories/{evaluation,replayed-cases,second-reading,second-test}.test.ts',
  'test/stories/bad-*.test.ts',
  'test/stories/github*.test.ts',
  'test/github/{loops,unsteady-host,injections,explained}.test.ts',
  'test/stories/interrupted-*.test.ts',
  'test/crash/{crash,decisions,models}.test.ts',
  'packages/engine/src/workshop-bench.docker.test.ts',
  'packages/store/src/private-server/private-postgres.docker.test.ts',
  'packages/patterns/src/replay/replay-reproducer.test.ts',
]
/** Every part of these pages with axe in both themes; that each page passes is in the quick ones. */
const SLOW_BROWSER_TESTS = 'test/browser/{runs,run,intake,settings,insights,reading,sign-in,edit}.browser.test.ts'
/** They wait for servers, for git and for other processes: they run beside each other, and not in the quick check. */
const WAITING = [
  ...['source/src/mirror', 'code-hosts/src/github', 'testkit/src/github'].map((folder) => `packages/${folder}/*.test.ts`),
  'packages/patterns/src/replay/replay-reproducer.test.ts',
]
/** Belong to the security suite: `npm run test:security` has them. */
const SLOW_SECURITY = ['test/security/test-tampering*.test.ts', 'test/security/resources.test.ts']
/** For as long as one likes: `npm run test:faults -- --chaos <minutes> --seed <number>`. */
const CHAOS = 'test/faults/chaos.test.ts'

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
          exclude: [...WAITING, '**/*.docker.test.ts', '**/node_modules/**'],
          // No module keeps anything (an invariant), so files may share what they import: a third of the time was importing.
          isolate: false,
          // A busy machine is slow, not wrong.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'docker',
          include: ['packages/*/src/**/*.docker.test.ts', 'test/**/*.test.ts', ...WAITING],
          exclude: [...SLOW_ENGINE_TESTS, 'test/browser/**', 'test/house/**', 'test/security/**', 'test/long/**', 'test/faults/**', '**/node_modules/**'],
          testTimeout: 300_000,
          retry: 1, // A real engine hiccups; what fails twice fails.
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.browser.test.ts'],
          exclude: [SLOW_BROWSER_TESTS, '**/node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'security',
          include: ['test/security/**/*.test.ts'],
          exclude: [...SLOW_SECURITY, '**/node_modules/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          retry: 1,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: { name: 'cheats', include: SLOW_SECURITY, testTimeout: 300_000, hookTimeout: 300_000, retry: 1, maxWorkers: 2 },
      },
      {
        extends: true,
        test: { name: 'faults', include: ['test/faults/**/*.test.ts'], exclude: [CHAOS], testTimeout: 900_000, hookTimeout: 300_000, maxWorkers: 1 },
      },
      {
        extends: true,
        test: { name: 'chaos', include: [CHAOS], testTimeout: 7_200_000, hookTimeout: 300_000, maxWorkers: 1 },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['test/long/**/*.test.ts', ...SLOW_ENGINE_TESTS, SLOW_BROWSER_TESTS],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: 1,
        },
      },
    ],
  },
})

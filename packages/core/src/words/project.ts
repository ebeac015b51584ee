import { z } from 'zod'

export const Toolchain = z.enum(['node', 'python'])
export type Toolchain = z.infer<typeof Toolchain>

export const RunnerName = z.enum(['node:test', 'vitest', 'jest', 'mocha', 'pytest', 'command'])
export type RunnerName = z.infer<typeof RunnerName>

/**
 * How a repository is set up and tested. `command` as runner is the `--test` escape: judged by exit code alone, so its
 * evidence is weaker and its proposals are never `verified`.
 */
export const Project = z.object({
  toolchain: Toolchain,
  runner: RunnerName,
  /** For `command`: the owner's words, run through `sh -c` inside the room, never on the host. */
  testCommand: z.string().optional(),
  /** Extra arguments of the repository's own test script that the runner needs (a config file, a loader). */
  runnerArguments: z.array(z.string()),
  runnerEnvironment: z.record(z.string(), z.string()).default({}),
  /** Commands of the repository's own test script that make what the tests load; run before the tests, in the same room. */
  builds: z.array(z.array(z.string())).optional(),
  testFiles: z.array(z.string()),
  /** Existing files that decide what a test means: tests, snapshots, fixtures, runner settings, CI. Repository paths. */
  protectedFiles: z.array(z.string()),
  /** Type check and lint commands that the repository has, as arguments. */
  staticChecks: z.array(z.object({ name: z.string(), argv: z.array(z.string()) })),
  /** Why we believe so, for people: "vitest in devDependencies", "scripts.test is `node --test`". */
  because: z.array(z.string()),
})
export type Project = z.infer<typeof Project>

/** How the dependencies of a project get into a room. */
export const EnvironmentRecipe = z.object({
  toolchain: Toolchain,
  /** `none`: nothing to install. `copy`: take the folder's installed dependencies. `install`: download, then run scripts offline. `setup`: the owner's command instead of a detected one. */
  way: z.enum(['none', 'copy', 'install', 'setup']),
  /** Files of the tree that decide what is installed: manifest, lockfile, `.npmrc`, patches. */
  manifests: z.array(z.string()),
  /** Download phase: has the registry, runs no project script. */
  download: z.array(z.array(z.string())),
  /** Install scripts: no network. */
  scripts: z.array(z.array(z.string())),
  /** `node_modules`, `.venv`, `packages/a/node_modules`: repository paths. */
  directories: z.array(z.string()),
  setupCommand: z.string().optional(),
})
export type EnvironmentRecipe = z.infer<typeof EnvironmentRecipe>

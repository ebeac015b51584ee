// What the benchmarks of rooms need: the sandboxes of the command line, a tree in memory, an environment without dependencies.
import { readdirSync, readFileSync } from 'node:fs'
import { engineAssets } from '@fixpoint/engine'
import { DockerSandboxes } from '@fixpoint/sandbox'
import { testRunnerAssets } from '@fixpoint/test-runners'

export const signal = new AbortController().signal
export const runId = 'run_bench'
export const sandboxes = new DockerSandboxes({ engine: { host: process.env.DOCKER_HOST } })

export const assets = new Map(
  [testRunnerAssets, engineAssets].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [entry.name, readFileSync(new URL(entry.name, folder))]),
  ),
)

export function treeOf(files) {
  const contents = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]))
  const entries = [...contents].map(([path, content]) => ({ path, kind: 'file', size: content.length, blob: '0' }))
  return {
    commit: '0'.repeat(40),
    tree: '0'.repeat(40),
    list: () => entries,
    read: (path) => contents.get(path),
    text: (path) => contents.get(path)?.toString('utf8'),
  }
}

export async function openRoom(source) {
  const recipe = { toolchain: 'node', way: 'none', manifests: [], download: [], scripts: [], directories: [] }
  const environment = await sandboxes.prepare({ recipe, source, runId }, signal, () => {})
  await sandboxes.selfTest(signal)
  return await sandboxes.open({ runId, environment, source, tools: assets }, signal)
}

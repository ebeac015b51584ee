import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Artifacts, CodeHost, CommitRequest, Drafter, History, ObjectId, Repository, Sandboxes, SourceSnapshot, TextSearch } from '@fixpoint/core'
import type { EngineTools } from '@fixpoint/engine'
import { openSyntax } from '@fixpoint/syntax'
import { testRunnerAssets } from '@fixpoint/test-runners'
import { SequentialIds, SteppingClock, UnconfinedSandboxes } from '@fixpoint/testkit'

/** Hands for tests of the engine: our own fixtures run on this machine, everything else is in memory. */
export async function hands(parts: {
  source: SourceSnapshot
  codeHost: CodeHost
  drafters: readonly Drafter[]
  artifacts: Artifacts
}): Promise<EngineTools & { sandboxes: Sandboxes }> {
  const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
  const repository: Pick<Repository, 'snapshot' | 'commit'> = {
    snapshot: async () => parts.source,
    commit: async (request: CommitRequest) => hash(JSON.stringify([request.base, request.edits, request.message, request.at])).slice(0, 40) as ObjectId,
  }
  const history: History = { recent: async () => [] }
  const search: TextSearch = { search: async () => [] }
  const require = createRequire(import.meta.url)
  const grammar = (name: string) => readFile(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`))
  const syntax = await openSyntax({
    engine: await readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    javascript: await grammar('javascript'),
    typescript: await grammar('typescript'),
    tsx: await grammar('tsx'),
    python: await grammar('python'),
  })
  const assets = new Map<string, Uint8Array>()
  for (const name of await readdir(testRunnerAssets)) assets.set(name, await readFile(new URL(name, testRunnerAssets)))
  return {
    artifacts: parts.artifacts,
    sandboxes: new UnconfinedSandboxes(),
    repository: repository as Repository,
    history,
    search,
    codeHost: parts.codeHost,
    clock: new SteppingClock(),
    ids: new SequentialIds(),
    hash,
    syntax,
    assets,
    drafters: parts.drafters,
    reproducers: [],
    parallelRooms: 1,
  }
}

import { NO_COMMIT, type Signature, type TreeChange } from '../bare-repository.ts'
import { movedRef } from '../deeds/refs.ts'
import { Denial } from '../denial.ts'
import { emailOf, gitCommitShape, WEB_FLOW } from '../shapes/commit.ts'
import { apiOf } from '../shapes/repository.ts'
import { nodeId } from '../world.ts'
import { type Call, created, found, NO_CONTENT, ok, type Reply, type Route, route } from './route.ts'

export const gitDataRoutes: readonly Route[] = [
  route('POST /repos/{owner}/{repo}/git/blobs', 'contents=write', async (call) => {
    const { content, encoding } = call.body<{ content: string; encoding?: string }>()
    const sha = await call.repository.git.writeBlob(encoding === 'base64' ? Buffer.from(content, 'base64') : content)
    return created({ sha, url: `${apiOf(call.world, call.repository)}/git/blobs/${sha}` })
  }),
  route('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', 'contents=read', async (call) => {
    const sha = await objectOf(call, call.parameter('file_sha'), 'blob')
    const bytes = await call.repository.git.bytes('cat-file', 'blob', sha)
    const url = `${apiOf(call.world, call.repository)}/git/blobs/${sha}`
    return ok({ sha, node_id: nodeId(`B${sha}`, 0), size: bytes.length, url, content: bytes.toString('base64'), encoding: 'base64' })
  }),
  route('POST /repos/{owner}/{repo}/git/trees', 'contents=write', createTree),
  route('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', 'contents=read', async (call) => {
    const named = call.parameter('tree_sha')
    const tree = await call.repository.git.text('rev-parse', '--verify', '--end-of-options', `${named}^{tree}`).catch(() => found<string>(undefined))
    return ok(await treeShape(call, tree, call.query.has('recursive')))
  }),
  route('POST /repos/{owner}/{repo}/git/commits', 'contents=write', createCommit),
  route('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', 'contents=read', async (call) => {
    const sha = await objectOf(call, call.parameter('commit_sha'), 'commit')
    return ok(gitCommitShape(call.world, call.repository, await call.repository.git.commit(sha)))
  }),
  route('GET /repos/{owner}/{repo}/git/ref/{ref}', 'contents=read', async (call) => {
    const ref = `refs/${call.parameter('ref')}`
    return ok(refShape(call, ref, found((await call.repository.git.refs()).get(ref))))
  }),
  route('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', 'contents=read', async (call) => {
    const refs = [...(await call.repository.git.refs())].filter(([ref]) => ref.startsWith(`refs/${call.parameter('ref')}`))
    return call.list(refs, ([ref, sha]) => refShape(call, ref, sha))
  }),
  route('POST /repos/{owner}/{repo}/git/refs', 'contents=write', async (call) => {
    const { ref, sha } = call.body<{ ref: string; sha: string }>()
    if (!/^refs\/[^/]+\/[^ ~^:?*[\\]+$/.test(ref)) throw new Denial(422, "Reference name must start with 'refs/' and contain at least two slashes.")
    if ((await call.repository.git.resolve(sha)) === undefined) throw new Denial(422, 'Object does not exist')
    await assertMayWrite(call, ref, NO_COMMIT, sha)
    if (!(await call.repository.git.moveRef(ref, sha, undefined))) throw new Denial(422, 'Reference already exists')
    await movedRef(call.world, call.repository, ref, NO_COMMIT, sha, call.doer)
    return created(refShape(call, ref, sha))
  }),
  route('PATCH /repos/{owner}/{repo}/git/refs/{ref}', 'contents=write', async (call) => {
    const { git } = call.repository
    const ref = `refs/${call.parameter('ref')}`
    const { sha, force = false } = call.body<{ sha: string; force?: boolean }>()
    const before = (await git.refs()).get(ref)
    if (before === undefined) throw new Denial(422, 'Reference does not exist')
    if ((await git.resolve(sha)) === undefined) throw new Denial(422, 'Object does not exist')
    if (!force && !(await git.isAncestor(before, sha))) throw new Denial(422, 'Update is not a fast forward')
    await assertMayWrite(call, ref, before, sha)
    if (!(await git.moveRef(ref, sha, before))) throw new Denial(409, 'Reference cannot be updated')
    await movedRef(call.world, call.repository, ref, before, sha, call.doer)
    return ok(refShape(call, ref, sha))
  }),
  route('DELETE /repos/{owner}/{repo}/git/refs/{ref}', 'contents=write', async (call) => {
    const ref = `refs/${call.parameter('ref')}`
    const before = (await call.repository.git.refs()).get(ref)
    if (before === undefined) throw new Denial(422, 'Reference does not exist')
    await assertMayWrite(call, ref, before, NO_COMMIT)
    await call.repository.git.moveRef(ref, null, before)
    await movedRef(call.world, call.repository, ref, before, NO_COMMIT, call.doer)
    return NO_CONTENT
  }),
]

/** What the hook says to a push, said to the API. */
export async function assertMayWrite({ repository, access }: Pick<Call, 'repository' | 'access'>, ref: string, before: string, after: string): Promise<void> {
  if (ref.startsWith('refs/heads/') && repository.protectedBranches.has(ref.slice('refs/heads/'.length))) {
    throw new Denial(422, after === NO_COMMIT ? 'Cannot delete this branch' : 'Changes must be made through a pull request.')
  }
  if (access.kind !== 'installation' || access.token.permissions.workflows === 'write' || after === NO_COMMIT) return
  const range = before === NO_COMMIT ? [after, '--not', '--all'] : [after, `^${before}`, '--not', '--all']
  const touched = (await repository.git.text('log', '--format=', '--name-only', ...range, '--', '.github/workflows')).split('\n').find((path) => path !== '')
  if (touched !== undefined)
    throw new Denial(403, 'Resource not accessible by integration', { headers: { 'x-accepted-github-permissions': 'contents=write,workflows=write' } })
}

function refShape({ world, repository }: Call, ref: string, sha: string) {
  const api = apiOf(world, repository)
  return { ref, node_id: nodeId(`REF${ref}`, 0), url: `${api}/git/${ref}`, object: { sha, type: 'commit', url: `${api}/git/commits/${sha}` } }
}

async function objectOf({ repository }: Call, sha: string, type: string): Promise<string> {
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new Denial(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].')
  const told = await repository.git.text('cat-file', '-t', sha).catch(() => undefined)
  return found(told === type ? sha : undefined)
}

interface WantedEntry {
  readonly path?: string
  readonly mode?: string
  readonly sha?: string | null
  readonly content?: string
}

async function createTree(call: Call): Promise<Reply> {
  const { git } = call.repository
  const { tree, base_tree } = call.body<{ tree: WantedEntry[]; base_tree?: string }>()
  const changes: TreeChange[] = []
  for (const { path = '', mode = '100644', sha, content } of tree) {
    const blob = content === undefined ? (sha ?? null) : await git.writeBlob(content)
    if (blob !== null && (await git.text('cat-file', '-t', blob).catch(() => undefined)) === undefined) throw new Denial(422, `GitRPC::BadObjectState`)
    changes.push({ path, blob, mode })
  }
  return created(await treeShape(call, await git.writeTree(base_tree, changes), false))
}

async function treeShape({ world, repository }: Call, sha: string, recursive: boolean) {
  const api = apiOf(world, repository)
  const lines = (await repository.git.bytes('ls-tree', '-z', '--long', ...(recursive ? ['-r', '-t'] : []), sha)).toString().split('\0')
  const tree = lines
    .filter((line) => line !== '')
    .map((line) => {
      const [facts = '', path = ''] = line.split('\t')
      const [mode = '', type = '', id = '', size = '-'] = facts.split(/ +/)
      const url = `${api}/git/${type === 'tree' ? 'trees' : 'blobs'}/${id}`
      return { path, mode, type, sha: id, ...(size === '-' ? {} : { size: Number(size) }), ...(type === 'commit' ? {} : { url }) }
    })
  return { sha, url: `${api}/git/trees/${sha}`, tree, truncated: false }
}

async function createCommit(call: Call): Promise<Reply> {
  const { world, repository, doer } = call
  const wanted = call.body<{ message: string; tree: string; parents?: string[]; author?: Signature; committer?: Signature }>()
  const self = { name: doer.account.login, email: emailOf(doer.account), date: world.now() }
  // An app that names nobody gets a commit that GitHub signs.
  const signed = doer.app !== null && wanted.author === undefined && wanted.committer === undefined
  const author = { ...self, ...wanted.author }
  const committer = signed ? { ...self, name: 'GitHub', email: WEB_FLOW } : { ...author, ...wanted.committer }
  const sha = await repository.git.writeCommit(wanted.tree, wanted.parents ?? [], wanted.message, author, committer).catch(() => {
    throw new Denial(422, 'Tree SHA does not exist')
  })
  return created(gitCommitShape(world, repository, await repository.git.commit(sha)))
}

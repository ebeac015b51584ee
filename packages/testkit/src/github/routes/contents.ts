import { compare } from '../comparison.ts'
import { Denial } from '../denial.ts'
import { commitShape, fileShape } from '../shapes/commit.ts'
import { apiOf, htmlOf } from '../shapes/repository.ts'
import { commitOf } from './checks.ts'
import { type Call, found, ok, type Reply, type Route, route } from './route.ts'

export const contentRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/contents/{path}', 'contents=read', contents),
  route('GET /repos/{owner}/{repo}/compare/{basehead}', 'contents=read', comparison),
  route('GET /repos/{owner}/{repo}/commits/{ref}', 'contents=read', async (call) => {
    const sha = await commitOf(call)
    if (call.accept.includes('vnd.github.sha')) return { status: 200, raw: { type: 'application/vnd.github.sha; charset=utf-8', content: sha } }
    return ok(commitShape(call.world, call.repository, await call.repository.git.commit(sha)))
  }),
  route('GET /repos/{owner}/{repo}/commits', 'contents=read', async (call) => {
    const { git, defaultBranch } = call.repository
    const start = found((await git.resolve(call.query.get('sha') ?? defaultBranch)) ?? undefined)
    const path = call.query.get('path')
    const shas = (await git.text('rev-list', '--max-count=500', start, '--', ...(path === null ? [] : [path]))).split('\n').filter((sha) => sha !== '')
    return call.list(shas, async (sha) => commitShape(call.world, call.repository, await git.commit(sha)))
  }),
  route('GET /repos/{owner}/{repo}/branches/{branch}', 'contents=read', async (call) => {
    const { world, repository } = call
    const name = call.parameter('branch')
    const sha = await repository.git.tip(name)
    if (sha === undefined) throw new Denial(404, 'Branch not found')
    const url = `${apiOf(world, repository)}/branches/${name}`
    return ok({
      name,
      commit: commitShape(world, repository, await repository.git.commit(sha)),
      _links: { self: url, html: `${htmlOf(world, repository)}/tree/${name}` },
      protected: repository.protectedBranches.has(name),
      protection: { enabled: repository.protectedBranches.has(name), required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
      protection_url: `${url}/protection`,
    })
  }),
]

async function contents(call: Call): Promise<Reply> {
  const { world, repository } = call
  const path = call.parameter('path').replace(/\/$/, '')
  const ref = call.query.get('ref') ?? repository.defaultBranch
  const commit = await repository.git.resolve(ref)
  if (commit === undefined) throw new Denial(404, `No commit found for the ref ${ref}`)
  const object = `${commit}:${path}`
  const type = await repository.git.text('cat-file', '-t', object).catch(() => undefined)
  if (type === undefined) throw new Denial(404, 'Not Found')
  if (type === 'tree') return ok(await folder(call, commit, ref, path))
  const bytes = await repository.git.bytes('cat-file', 'blob', object)
  if (/vnd\.github(\.[\w-]+)?\.raw/.test(call.accept)) return { status: 200, raw: { type: 'application/vnd.github.raw+json; charset=utf-8', content: bytes } }
  const sha = await repository.git.text('rev-parse', object)
  return ok({
    ...entryShape(world, repository, { type: 'file', path, sha, size: bytes.length, ref }),
    encoding: 'base64',
    content: bytes.toString('base64').replace(/.{60}/g, '$&\n'),
  })
}

async function folder({ world, repository }: Call, commit: string, ref: string, path: string) {
  const lines = (await repository.git.bytes('ls-tree', '-z', '--long', `${commit}:${path}`)).toString().split('\0')
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [facts = '', name = ''] = line.split('\t')
      const [, type, sha = '', size = '0'] = facts.split(/ +/)
      const inner = { path: path === '' ? name : `${path}/${name}`, sha, ref }
      return entryShape(world, repository, type === 'tree' ? { ...inner, type: 'dir', size: 0 } : { ...inner, type: 'file', size: Number(size) })
    })
}

interface Entry {
  readonly type: 'file' | 'dir'
  readonly path: string
  readonly sha: string
  readonly size: number
  readonly ref: string
}

function entryShape(world: Call['world'], repository: Call['repository'], { type, path, sha, size, ref }: Entry) {
  const quoted = path.split('/').map(encodeURIComponent).join('/')
  const url = `${apiOf(world, repository)}/contents/${quoted}?ref=${encodeURIComponent(ref)}`
  const git_url = `${apiOf(world, repository)}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`
  const html_url = `${htmlOf(world, repository)}/${type === 'dir' ? 'tree' : 'blob'}/${ref}/${quoted}`
  const download_url = type === 'dir' ? null : `${htmlOf(world, repository)}/raw/${ref}/${quoted}`
  return {
    type,
    size,
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    url,
    git_url,
    html_url,
    download_url,
    _links: { self: url, git: git_url, html: html_url },
  }
}

async function comparison(call: Call): Promise<Reply> {
  const { world, repository } = call
  const [base = '', head = ''] = call.parameter('basehead').split('...')
  const [from, to] = [await repository.git.resolve(ownRef(base)), await repository.git.resolve(ownRef(head))]
  if (from === undefined || to === undefined) throw new Denial(404, 'Not Found')
  const { mergeBase, ahead, behind, files } = await compare(repository.git, from, to)
  const { items, headers } = call.page(ahead)
  const html = `${htmlOf(world, repository)}/compare/${base}...${head}`
  const body = {
    url: `${apiOf(world, repository)}/compare/${base}...${head}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commitShape(world, repository, await repository.git.commit(from)),
    merge_base_commit: commitShape(world, repository, await repository.git.commit(mergeBase)),
    status: ahead.length > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical',
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: items.map((commit) => commitShape(world, repository, commit)),
    files: files.map((file) => fileShape(world, repository, to, file)),
  }
  return { status: 200, headers, body }
}

/** `owner:branch` is a branch. */
function ownRef(name: string): string {
  return name.includes(':') ? name.slice(name.indexOf(':') + 1) : name
}

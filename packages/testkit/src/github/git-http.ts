import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Access, accessOf, actorOf, appOf, demand, maySee } from './access.ts'
import { NO_COMMIT } from './bare-repository.ts'
import { movedRef } from './deeds/refs.ts'
import { Denial } from './denial.ts'
import { gitEnvironment } from './git.ts'
import type { Repository } from './records.ts'
import { fullName, type World } from './world.ts'

const SERVICE = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/

export interface GitRequest {
  readonly owner: string
  readonly name: string
  /** `info/refs`, `git-upload-pack` or `git-receive-pack`. */
  readonly path: string
  readonly isPush: boolean
}

export function gitRequestOf(url: URL): GitRequest | undefined {
  const [, owner, name, path] = SERVICE.exec(url.pathname) ?? []
  if (owner === undefined || name === undefined || path === undefined) return undefined
  return { owner, name, path, isPush: path === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack' }
}

/** Git's smart protocol, by git's own back end. */
export class GitHttp {
  readonly #world: World
  /** Pushes to one repository one after the other: what moved is told by looking before and after. */
  readonly #pushes = new Map<number, Promise<void>>()

  constructor(world: World) {
    this.#world = world
  }

  async serve({ owner, name, path, isPush }: GitRequest, request: IncomingMessage, response: ServerResponse, url: URL): Promise<number> {
    try {
      const access = accessOf(this.#world, request.headers.authorization)
      const repository = this.#world.repositoryNamed(owner, name)
      const moved = repository === undefined ? this.#world.repositoryOnceNamed(owner, name) : undefined
      if (moved !== undefined && maySee(this.#world, moved, access)) {
        response.writeHead(301, { location: `${this.#world.origin}/${fullName(moved)}.git/${path}${url.search}` }).end()
        return 301
      }
      if (repository === undefined) throw access.kind === 'anonymous' ? new Denial(401, 'Repository not found.') : new Denial(404, 'Repository not found.')
      if (access.kind === 'anonymous' && (isPush || repository.private)) throw new Denial(401, 'Authentication required')
      demand(this.#world, repository, access, isPush ? 'contents=write' : 'contents=read')
      if (path === 'git-receive-pack') await this.#push(repository, access, request, response, url)
      else await this.#run(repository, access, path, request, response, url, async () => {})
      return response.statusCode
    } catch (error) {
      if (!(error instanceof Denial)) throw error
      const { status, text } = words(error, `${owner}/${name}`, isPush)
      response.writeHead(status, { 'content-type': 'text/plain', ...(status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {}) })
      response.end(text)
      return status
    }
  }

  async #push(repository: Repository, access: Access, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const turn = (this.#pushes.get(repository.id) ?? Promise.resolve()).then(async () => {
      const before = await repository.git.refs()
      // The pusher hears that it is done when pull requests know of it too.
      await this.#run(repository, access, 'git-receive-pack', request, response, url, async () => {
        const after = await repository.git.refs()
        const doer = { account: actorOf(access), app: appOf(access) }
        for (const ref of new Set([...before.keys(), ...after.keys()])) {
          await movedRef(this.#world, repository, ref, before.get(ref) ?? NO_COMMIT, after.get(ref) ?? NO_COMMIT, doer)
        }
      })
    })
    this.#pushes.set(
      repository.id,
      turn.catch(() => {}),
    )
    await turn
  }

  async #run(
    repository: Repository,
    access: Access,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    beforeEnd: () => Promise<void>,
  ): Promise<void> {
    const backend = spawn('git', ['http-backend'], {
      env: gitEnvironment({
        GIT_PROJECT_ROOT: repository.git.folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: `/${path}`,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        REMOTE_USER: access.kind === 'anonymous' ? '' : actorOf(access).login,
        REMOTE_ADDR: '127.0.0.1',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        ...(request.headers['content-encoding'] === undefined ? {} : { HTTP_CONTENT_ENCODING: request.headers['content-encoding'] }),
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        GITHUB_DOUBLE_RULES: JSON.stringify(rulesFor(repository, access)),
      }),
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    backend.stdin.on('error', () => {})
    request.pipe(backend.stdin)
    const ended = new Promise<void>((resolve, reject) => {
      backend.on('error', reject)
      backend.on('close', () => resolve())
    })
    const head = await writeHead(backend.stdout, response)
    response.write(head)
    backend.stdout.pipe(response, { end: false })
    await ended
    await beforeEnd()
    response.end()
  }
}

function rulesFor({ protectedBranches }: Repository, access: Access) {
  const { permissions, isApp } =
    access.kind === 'installation'
      ? { permissions: access.token.permissions, isApp: true }
      : { permissions: access.kind === 'personal' ? access.token.permissions : null, isApp: false }
  const workflows =
    access.kind === 'personal' && permissions === null
      ? access.token.scopes.includes('workflow') || access.token.scopes.includes('repo')
      : permissions?.workflows === 'write'
  return { protectedRefs: [...protectedBranches].map((branch) => `refs/heads/${branch}`), isApp, workflows }
}

/** Takes the CGI headers off the front of the back end's output; gives back what came with them of the body. */
async function writeHead(output: NodeJS.ReadableStream, response: ServerResponse): Promise<Buffer> {
  let read = Buffer.alloc(0)
  for (;;) {
    const end = read.indexOf('\r\n\r\n')
    if (end >= 0) {
      for (const line of read.subarray(0, end).toString().split('\r\n')) {
        const [name = '', value = ''] = line.split(/: (.*)/, 2)
        if (name.toLowerCase() === 'status') response.statusCode = Number(value.slice(0, 3))
        else response.setHeader(name, value)
      }
      return read.subarray(end + 4)
    }
    const more = await nextChunk(output)
    if (more === null) throw new Error('git http-backend ended before it said anything')
    read = Buffer.concat([read, more])
  }
}

async function nextChunk(stream: NodeJS.ReadableStream): Promise<Buffer | null> {
  for (;;) {
    const chunk = stream.read() as Buffer | null
    if (chunk !== null) return chunk
    const isOver = await new Promise<boolean>((resolve) => {
      const done = (over: boolean) => {
        stream.off('readable', onReadable)
        stream.off('end', onEnd)
        resolve(over)
      }
      const onReadable = () => done(false)
      const onEnd = () => done(true)
      stream.once('readable', onReadable)
      stream.once('end', onEnd)
    })
    if (isOver) return null
  }
}

function words(denial: Denial, name: string, isPush: boolean): { readonly status: number; readonly text: string } {
  if (denial.status === 404) return { status: 404, text: 'Repository not found.' }
  if (denial.status === 401) return { status: 401, text: 'Invalid username or token. Password authentication is not supported for Git operations.\n' }
  if (denial.message.includes('archived')) return { status: 403, text: 'This repository was archived so it is read-only.\n' }
  return { status: 403, text: isPush ? `Permission to ${name}.git denied to double.\n` : 'Write access to repository not granted.\n' }
}

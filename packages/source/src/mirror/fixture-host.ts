import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GitCredential } from './remote.ts'

export const TOKEN = 'ghs_TOPSECRETtoken'
export const CREDENTIAL: GitCredential = { username: 'x-access-token', password: TOKEN }

/** What a host may do instead of answering. */
type Fault = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'hang' | 'cut'

/** Bare repositories below a folder, served by git's own `http-backend` to whoever has the token. For tests of this package only. */
export class FixtureHost implements AsyncDisposable {
  readonly requests: string[] = []
  fault: ((request: IncomingMessage) => Fault | undefined) | undefined
  readonly #root: string
  readonly #server = createServer((request, response) => this.#answer(request, response))

  private constructor(root: string) {
    this.#root = root
  }

  static async start(root: string): Promise<FixtureHost> {
    const host = new FixtureHost(root)
    await new Promise<void>((resolve) => host.#server.listen(0, '127.0.0.1', resolve))
    return host
  }

  url(name: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}.git`
  }

  /** Fetches and pushes that began. */
  count(service: 'git-upload-pack' | 'git-receive-pack'): number {
    return this.requests.filter((line) => line.startsWith('POST') && line.endsWith(service)).length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://host')
    this.requests.push(`${request.method} ${url.pathname}`)
    const fault = this.fault?.(request)
    if (fault === 'hang') return
    if (fault !== undefined && fault !== 'cut') {
      response.writeHead(fault.status, fault.headers).end(fault.body)
      return
    }
    if (request.headers.authorization !== `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
      return
    }
    const backend = spawn('git', ['http-backend'], {
      env: {
        ...{ PATH: '/usr/local/bin:/usr/bin:/bin', GIT_PROJECT_ROOT: this.#root, GIT_HTTP_EXPORT_ALL: '1', REMOTE_USER: 'app', REMOTE_ADDR: '127.0.0.1' },
        ...{ REQUEST_METHOD: request.method, PATH_INFO: url.pathname, QUERY_STRING: url.search.slice(1), GIT_CONFIG_NOSYSTEM: '1', HOME: this.#root },
        ...{ CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '' },
        ...{ GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''), SERVER_PROTOCOL: 'HTTP/1.1' },
        ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: request.headers['content-length'] }),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    backend.stdin.on('error', () => undefined)
    request.pipe(backend.stdin)
    let head: Buffer | undefined = Buffer.alloc(0)
    backend.stdout.on('data', (chunk: Buffer) => {
      if (head === undefined) {
        response.write(chunk)
        return
      }
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      const lines = head.toString('latin1', 0, end).split('\r\n')
      const headers = lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string])
      const status = Number(headers.find(([name]) => name === 'Status')?.[1]?.slice(0, 3) ?? 200)
      response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
      response.write(head.subarray(end + 4))
      head = undefined
      if (fault === 'cut' && request.method === 'POST') response.destroy()
    })
    backend.on('close', () => response.end())
  }
}

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'
import Docker from 'dockerode'

/** How to reach the engine. A door reads these from its environment (`DOCKER_HOST`, `DOCKER_CONTEXT`, `DOCKER_CONFIG`, `DOCKER_CERT_PATH`). */
export interface EngineAddress {
  /** `unix:///…`, `tcp://host:port`, `http(s)://…`. Wins over `context`. */
  readonly host?: string | undefined
  /** A Docker context by name; `default` is the local socket. Without one, the current context of `configFolder` counts. */
  readonly context?: string | undefined
  /** Usually `~/.docker`. */
  readonly configFolder?: string | undefined
  /** Folder of `ca.pem`, `cert.pem` and `key.pem` for a `tcp://` engine behind TLS. */
  readonly certificates?: string | undefined
}

const LOCAL_SOCKET = '/var/run/docker.sock'

export function connectEngine(address: EngineAddress = {}): Docker {
  const host = address.host ?? contextHost(address) ?? `unix://${LOCAL_SOCKET}`
  const certificates = address.certificates
  if (host.startsWith('unix://')) return new Docker({ socketPath: host.slice('unix://'.length), ...UNSET })
  const url = parseHost(host)
  if (url === undefined) throw new Failure('engine-unreachable', `cannot reach a Docker engine at ${host}`, 'Use a unix://, tcp:// or https:// address.')
  const tls = certificates === undefined ? {} : { ca: pem(certificates, 'ca'), cert: pem(certificates, 'cert'), key: pem(certificates, 'key') }
  const protocol = certificates !== undefined || url.protocol === 'https:' ? 'https' : 'http'
  const port = url.port === '' ? (protocol === 'https' ? 2376 : 2375) : Number(url.port)
  return new Docker({ ...UNSET, host: url.hostname, port, protocol, ...tls })
}

/** The client reads `DOCKER_HOST` and its kin by itself unless each of them is said. */
const UNSET = {
  host: undefined,
  port: undefined,
  protocol: 'http',
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
} as unknown as Docker.DockerOptions

function parseHost(host: string): URL | undefined {
  try {
    const url = new URL(host.replace(/^tcp:/, 'http:'))
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
  } catch {
    return undefined
  }
}

function pem(folder: string, name: string): string {
  return readFileSync(join(folder, `${name}.pem`), 'utf8')
}

function contextHost(address: EngineAddress): string | undefined {
  if (address.configFolder === undefined) return undefined
  const name = address.context ?? readJson(join(address.configFolder, 'config.json'))?.currentContext
  if (typeof name !== 'string' || name === '' || name === 'default') return undefined
  const meta = join(address.configFolder, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'), 'meta.json')
  const endpoints = readJson(meta)?.Endpoints as { docker?: { Host?: string } } | undefined
  const host = endpoints?.docker?.Host
  if (host === undefined) throw new Failure('engine-unreachable', `there is no Docker context named ${name}`, 'See `docker context ls`.')
  return host
}

function readJson(file: string): Record<string, unknown> | undefined {
  if (!existsSync(file)) return undefined
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

/** A busy engine answers in milliseconds all the same. */
const ANSWER_MS = 15_000

/** An engine that takes the connection and then says nothing would hold us for ever. Throws `Failure('engine-unreachable')`. */
export async function assertAnswers(docker: Docker, withinMs = ANSWER_MS): Promise<void> {
  const abortSignal = AbortSignal.timeout(withinMs)
  try {
    // The client takes a signal; its types do not know.
    await (docker as unknown as { ping(options: { abortSignal: AbortSignal }): Promise<unknown> }).ping({ abortSignal })
  } catch (error) {
    if (!abortSignal.aborted) throw engineFailure(error)
    throw new Failure(
      'engine-unreachable',
      `the Docker engine takes connections and does not answer within ${withinMs / 1000} s`,
      'Restart Docker (`sudo systemctl restart docker`); docs/troubleshooting.md says more.',
      { cause: error },
    )
  }
}

/** What the engine's refusal means to us; anything it does not know stays as it is. `image` when an image was asked for. */
export function engineFailure(error: unknown, image?: string): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error
  const code = codeOf(error)
  const status = (error as { statusCode?: number }).statusCode
  const cause = { cause: error }
  if (status === undefined && code !== undefined && UNREACHABLE.has(code)) {
    const hint =
      code === 'EACCES'
        ? 'Your user may not talk to Docker: add it to the group `docker`, or use a rootless engine.'
        : 'Start Docker, or set DOCKER_HOST to an engine that runs; docs/troubleshooting.md says more.'
    return new Failure('engine-unreachable', `no Docker engine answers (${code})`, hint, cause)
  }
  if (/no space left on device|disk quota exceeded/i.test(error.message)) {
    return new Failure('disk-full', 'the Docker engine has no disk space left', 'Free some space (`docker system df` shows what Docker holds).', cause)
  }
  if (status === 404 && image !== undefined && /no such image/i.test(error.message)) {
    return new Failure('image-missing', `the image ${image} is not built`, 'node sandbox-images/build.mjs', cause)
  }
  if (status === 500 && /OCI runtime|shim task/i.test(error.message)) {
    const said = error.message.trim().split('\n')[0]?.slice(0, 500)
    return new Failure(
      'self-test-failed',
      `the Docker engine cannot start a container as confined as a room must be: ${said}`,
      'Update Docker, runc and the kernel; there is no reduced mode.',
      cause,
    )
  }
  return error
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EACCES',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
])

/** A container that is gone or stopped, whoever did it. */
export function isGone(error: unknown): boolean {
  const status = (error as { statusCode?: number } | null)?.statusCode
  return status === 404 || status === 409
}

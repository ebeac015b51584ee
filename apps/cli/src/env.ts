import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { Failure } from '@fixpoint/core'
import { z } from 'zod'

/** All that the command line reads from its environment. Nothing else reads `process.env`. */
const Environment = z.object({
  /** Where runs, journals and artifacts are kept. */
  FIXPOINT_HOME: z.string().optional(),
  XDG_DATA_HOME: z.string().optional(),
  /** PEM bundle that the download phase trusts besides the public authorities: for companies with a proxy. */
  FIXPOINT_CA: z.string().optional(),
  NODE_EXTRA_CA_CERTS: z.string().optional(),
  /** Proxies on the way to a code host, and hosts that are reached without; names in lower case go before. */
  HTTPS_PROXY: z.string().optional(),
  https_proxy: z.string().optional(),
  HTTP_PROXY: z.string().optional(),
  http_proxy: z.string().optional(),
  NO_PROXY: z.string().optional(),
  no_proxy: z.string().optional(),
  /** Address of your npm registry, and the token it wants; what npm is configured for by default. They never enter a room. */
  FIXPOINT_NPM_REGISTRY: z.url().optional(),
  FIXPOINT_NPM_TOKEN: z.string().optional(),
  /** Address of your pip index (`…/simple/`); what pip is configured for by default. */
  FIXPOINT_PIP_INDEX: z.url().optional(),
  /** Docker engine; the local socket by default. */
  DOCKER_HOST: z.string().optional(),
  /** PostgreSQL of the service; a private one is started without it. */
  DATABASE_URL: z.string().optional(),
  /** Redis for the queue; PostgreSQL carries it without. */
  REDIS_URL: z.string().optional(),
  /** The operator's settings; `fixpoint.config.yml` in FIXPOINT_HOME by default. */
  FIXPOINT_CONFIG: z.string().optional(),
  /** The key that deliveries and signing secrets are sealed with; `secret.key` in FIXPOINT_HOME by default. Every machine of a service needs the same. */
  FIXPOINT_KEY_FILE: z.string().optional(),
  /** A collector of OpenTelemetry traces (OTLP over HTTP). */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  /** Address of a running service and a token for it, for commands that are used from elsewhere. */
  FIXPOINT_URL: z.url().optional(),
  FIXPOINT_TOKEN: z.string().optional(),
  /** Folder of historical bugs that `fixpoint eval bench` runs. */
  FIXPOINT_BENCH: z.string().optional(),
  PATH: z.string().optional(),
  NO_COLOR: z.string().optional(),
})

export interface Env {
  readonly home: string
  readonly certificateAuthorities: string | undefined
  /** On the way to a code host; undefined when none is named. */
  readonly proxy?: { readonly https?: string; readonly http?: string; readonly no?: string } | undefined
  readonly npmRegistry?: string | undefined
  readonly npmToken?: string | undefined
  readonly pipIndex?: string | undefined
  readonly dockerHost: string | undefined
  readonly databaseUrl?: string | undefined
  readonly redisUrl?: string | undefined
  readonly serviceUrl?: string | undefined
  readonly serviceToken?: string | undefined
  readonly operatorFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly telemetryEndpoint?: string | undefined
  readonly bench?: string | undefined
  /** Folders of programs. */
  readonly searchPath?: readonly string[] | undefined
  readonly color: boolean
  /** A variable that the operator's settings name, for what may not be written into them. */
  readonly named?: (name: string) => string | undefined
}

/** An empty variable is one that is not set. Throws `Failure('settings-invalid')`. */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Env {
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')))
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Failure(
      'settings-invalid',
      `the environment cannot be used: ${problems.join('; ')}`,
      'Correct the variable or unset it; docs/settings.md lists them.',
    )
  }
  const env = parsed.data
  return {
    home: resolve(env.FIXPOINT_HOME ?? join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'fixpoint')),
    certificateAuthorities: env.FIXPOINT_CA ?? env.NODE_EXTRA_CA_CERTS,
    proxy: proxyOf(env),
    npmRegistry: env.FIXPOINT_NPM_REGISTRY,
    npmToken: env.FIXPOINT_NPM_TOKEN,
    pipIndex: env.FIXPOINT_PIP_INDEX,
    dockerHost: env.DOCKER_HOST,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    serviceUrl: env.FIXPOINT_URL,
    serviceToken: env.FIXPOINT_TOKEN,
    operatorFile: env.FIXPOINT_CONFIG,
    keyFile: env.FIXPOINT_KEY_FILE,
    telemetryEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    bench: env.FIXPOINT_BENCH,
    searchPath: env.PATH?.split(delimiter),
    color: env.NO_COLOR === undefined,
    named: (name) => variables[name] || undefined,
  }
}

function proxyOf(env: z.infer<typeof Environment>): Env['proxy'] {
  const [https, http, no] = [proxyAddress(env.https_proxy ?? env.HTTPS_PROXY), proxyAddress(env.http_proxy ?? env.HTTP_PROXY), env.no_proxy ?? env.NO_PROXY]
  return https === undefined && http === undefined ? undefined : { ...(https && { https }), ...(http && { http }), ...(no && { no }) }
}

/** People leave the scheme away. */
function proxyAddress(text: string | undefined): string | undefined {
  return text === undefined || text.includes('://') ? text : `http://${text}`
}

import { Failure, type RunId } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import { type Screen, showProgress } from '../present/terminal.ts'
import { type OperatorSettings, readOperatorSettings } from '../serve/operator-settings.ts'
import { jsonLog, spokenLog } from '../serve/service-log.ts'
import { type Parts, type Service, startService } from '../serve/service-parts.ts'
import { stopSignal } from '../serve/stop-signal.ts'

export interface ServeOptions {
  readonly port?: string
  readonly host?: string
  /** `--no-worker`: runs are driven by other processes. */
  readonly worker?: boolean
  /** JSON lines in place of words. */
  readonly json?: boolean
}

/** The service, in one process or, with workers elsewhere, its server. */
export async function serve(options: ServeOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const { settings: read, file, found } = await readOperatorSettings(env)
  const settings = { ...read, server: { ...read.server, host: options.host ?? read.server.host, port: portOf(options.port) ?? read.server.port } }
  const parts = { server: true, worker: options.worker ?? true }
  return untilStopped({ env, settings, screen, parts, json: options.json ?? false }, ({ server }) => [
    `${screen.colors.bold('Fixpoint')} listens on ${server?.address}`,
    `settings   ${file}${found ? '' : ' (not there: defaults)'} · ${Object.keys(settings.repositories).length} repositories`,
    ...(server?.firstLink === undefined ? [] : [`sign in    ${server.firstLink} (once, within 15 minutes)`]),
    'alerts     fixpoint keys create <source> --repo <name> makes an address for a source',
    parts.worker ? 'decide     fixpoint review list' : 'runs       are driven by: fixpoint worker',
  ])
}

/** A worker alone. Its server is another process, on this machine or not. */
export async function work(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  if (env.databaseUrl === undefined)
    throw new Failure(
      'settings-invalid',
      'a worker needs the database that the server uses, and DATABASE_URL is not set',
      'Set DATABASE_URL for both; without it, fixpoint serve drives runs itself.',
    )
  const { settings, file, found } = await readOperatorSettings(env)
  return untilStopped({ env, settings, screen, parts: { server: false, worker: true }, json: options.json ?? false }, () => [
    `${screen.colors.bold('Fixpoint')} works here: ${settings.worker.concurrency} runs at once`,
    `settings   ${file}${found ? '' : ' (not there: defaults)'} · ${Object.keys(settings.repositories).length} repositories`,
  ])
}

interface Process {
  readonly env: Env
  readonly settings: OperatorSettings
  readonly screen: Screen
  readonly parts: Parts
  readonly json: boolean
}

async function untilStopped({ env, settings, screen, parts, json }: Process, welcome: (service: Service) => readonly string[]): Promise<ExitCode> {
  const say = (message: string) => screen.line(message)
  const stop = stopSignal()
  const service = await startService(
    {
      env,
      settings,
      log: json ? jsonLog() : spokenLog((message) => say(screen.colors.dim(message))),
      say: (message) => say(screen.colors.dim(message)),
      progress: (run: RunId) => (progress) => {
        if (json) return
        if (progress.kind === 'step-started') say(screen.colors.dim(`${run.slice(-6)} …`))
        showProgress(screen, progress)
      },
    },
    parts,
  )
  try {
    for (const line of welcome(service)) say(line)
    const why = await Promise.race([stop.then(() => 'stopped' as const), service.ended])
    say(why === 'memory' ? 'going home: too much memory is in use; a supervisor should start it again' : '\nstopping: runs under way go on at the next start')
    return why === 'memory' ? ExitCode.environment : ExitCode.delivered
  } finally {
    await service[Symbol.asyncDispose]()
  }
}

/** `--port`. Throws `Failure('settings-invalid')`. */
export function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Failure('settings-invalid', `--port does not understand ${JSON.stringify(text)}`, 'A port is a number from 0 to 65535; 0 lets one be chosen.')
}

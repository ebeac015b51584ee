import { Failure, type RunId } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import { type Screen, showProgress } from '../present/terminal.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'
import { jsonLog, spokenLog } from '../serve/service-log.ts'
import { startService } from '../serve/service-parts.ts'

export interface ServeOptions {
  readonly port?: string
  readonly host?: string
  /** JSON lines in place of words. */
  readonly json?: boolean
}

/** The service, all in one process, until it is told to stop. A second signal ends it at once; nothing is lost then either. */
export async function serve(options: ServeOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const { settings: read, file, found } = await readOperatorSettings(env)
  const settings = { ...read, server: { ...read.server, host: options.host ?? read.server.host, port: portOf(options.port) ?? read.server.port } }
  const say = (message: string) => screen.line(message)
  const stop = stopSignal(say)
  const service = await startService({
    env,
    settings,
    log: options.json ? jsonLog() : spokenLog((message) => say(screen.colors.dim(message))),
    say: (message) => say(screen.colors.dim(message)),
    progress: (run: RunId) => (progress) => {
      if (options.json) return
      if (progress.kind === 'step-started') say(screen.colors.dim(`${run.slice(-6)} …`))
      showProgress(screen, progress)
    },
  })
  try {
    say(`${screen.colors.bold('Fixpoint')} listens on ${service.server?.address}`)
    say(`settings   ${file}${found ? '' : ' (not there: defaults)'} · ${Object.keys(settings.repositories).length} repositories`)
    if (service.server?.firstLink !== undefined) say(`sign in    ${service.server?.firstLink} (once, within 15 minutes)`)
    say('alerts     fixpoint keys create <source> --repo <name> makes an address for a source')
    say('decide     fixpoint review list')
    const why = await Promise.race([stop.then(() => 'stopped' as const), service.ended])
    say(why === 'memory' ? 'going home: too much memory is in use; a supervisor should start it again' : 'stopping: runs under way go on at the next start')
    return why === 'memory' ? ExitCode.environment : ExitCode.delivered
  } finally {
    await service[Symbol.asyncDispose]()
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Failure('settings-invalid', `--port does not understand ${JSON.stringify(text)}`, 'A port is a number from 0 to 65535; 0 lets one be chosen.')
}

function stopSignal(say: (message: string) => void): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      let times = 0
      process.on(name, () => {
        times += 1
        if (times > 1) process.exit(130)
        say('')
        resolve()
      })
    }
  })
}

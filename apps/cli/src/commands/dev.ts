import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Progress, RunId } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import { type Screen, showProgress } from '../present/terminal.ts'
import { OperatorSettings } from '../serve/operator-settings.ts'
import { onKeys } from '../serve/pressed-keys.ts'
import { prepareSampleRepository, SAMPLE_ALERT } from '../serve/sample-repository.ts'
import { spokenLog } from '../serve/service-log.ts'
import { type Service, startService } from '../serve/service-parts.ts'
import { stopSignal } from '../serve/stop-signal.ts'
import { portOf } from './serve.ts'
import { sendWebhook } from './webhook.ts'

/** The service to try: a database and a repository of its own, an alert at the press of a key. All of it is gone afterwards. */
export async function dev(options: { readonly port?: string }, env: Env, screen: Screen): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-dev-'))
  const stop = stopSignal()
  let quit: () => void = () => undefined
  const quitting = new Promise<void>((resolve) => {
    quit = resolve
  })
  try {
    const { repository, home } = await prepare(folder, env)
    const service = await startService({
      env: { ...env, home, databaseUrl: undefined, redisUrl: undefined, operatorFile: undefined, keyFile: undefined },
      settings: OperatorSettings.parse({ repositories: { tabs: { path: repository } }, server: { port: portOf(options.port) ?? 0 } }),
      log: quietLog(screen),
      say: (message) => screen.line(screen.colors.dim(message)),
      progress: (run) => (progress) => tell(screen, run, progress, home),
    })
    try {
      const send = await sampleAlert(service, env, screen)
      screen.line(`${screen.colors.bold('Fixpoint')} listens on ${service.server?.address}`)
      if (service.server?.firstLink !== undefined) screen.line(`dashboard  ${service.server.firstLink} (once, within 15 minutes)`)
      screen.line(`sample     ${repository}`)
      screen.line(`elsewhere  FIXPOINT_HOME=${home} fixpoint review list`)
      screen.line(`\n${screen.colors.bold('a')} sends a sample alert · ${screen.colors.bold('q')} quits`)
      const release = onKeys(process.stdin, (key) => {
        if (key === 'a') void send().catch((error: unknown) => screen.line(`the alert was not taken: ${error instanceof Error ? error.message : 'unknown'}`))
        if (key === 'q') quit()
      })
      await Promise.race([stop, quitting, service.ended])
      release()
      return ExitCode.delivered
    } finally {
      await service[Symbol.asyncDispose]()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function prepare(folder: string, env: Env): Promise<{ repository: string; home: string }> {
  const [repository, home] = [join(folder, 'tabs'), join(folder, 'home')]
  // The private server's account passes through, and sees nothing.
  for (const path of [folder, home]) {
    await mkdir(path, { recursive: true })
    await chmod(path, 0o711)
  }
  await prepareSampleRepository(repository)
  // That the sandbox confines was proved on this machine, and not in this folder.
  await cp(join(env.home, 'self-tests'), join(home, 'self-tests'), { recursive: true }).catch(() => undefined)
  return { repository, home }
}

/** Posts what Sentry would, signed, to the address that a key opened. */
async function sampleAlert(service: Service, env: Env, screen: Screen): Promise<() => Promise<unknown>> {
  const signingSecret = randomBytes(16).toString('hex')
  const { secret } = await service.tokens.issueIngestKey({ name: 'sample', source: 'sentry', signingSecret, repository: 'tabs' })
  const to = `${service.server?.address}/hooks/sentry/${secret}`
  return async () => {
    screen.line(`\n${screen.colors.bold('●')} Sentry says that a tab could not be settled: POST /hooks/sentry/…`)
    await sendWebhook(SAMPLE_ALERT, { to, secret: signingSecret }, env, screen)
  }
}

function tell(screen: Screen, run: RunId, progress: Progress, home: string): void {
  showProgress(screen, progress)
  if (progress.kind !== 'fact') return
  const { event } = progress.entry
  if (event.kind === 'proposal-planned')
    screen.line(
      `\n${screen.colors.bold('A proposal waits for you')}\n  FIXPOINT_HOME=${home} fixpoint review show ${run}\n  FIXPOINT_HOME=${home} fixpoint review approve ${run} --proposal ${event.proposal.slice(0, 12)}`,
    )
  if (event.kind === 'run-settled') screen.line(`${screen.colors.bold('The run is at rest')}: ${event.outcome}`)
}

/** The run itself is told by its progress. */
function quietLog(screen: Screen) {
  const log = spokenLog((message) => screen.line(screen.colors.dim(message)))
  return { ...log, info: () => undefined }
}

import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '@fixpoint/core'
import { unreadable } from '../git-folder.ts'

export interface GitRun {
  readonly args: readonly string[]
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly seconds: number
  /** Asked four times a second whether the process has to end. */
  readonly watch?: () => Promise<boolean>
  /** Lines of output that are enough. */
  readonly mostLines?: number
  /** A line that git says about itself. */
  readonly heard?: (line: string) => void
}

export interface GitEnd {
  readonly exitCode: number | null
  /** Of each stream the last 64 KB. */
  readonly output: string
  readonly words: string
  /** Why we ended it. */
  readonly cut: 'time' | 'lines' | 'watch' | undefined
}

const KEPT = 64 * 1024
/** Git removes what it has half written when it is asked to end. */
const GRACE_MS = 2000

/** One git with its helpers, as a group of processes that ends together. Throws only when the signal says so, or when there is no git. */
export async function runGit(run: GitRun): Promise<GitEnd> {
  run.signal.throwIfAborted()
  const child = spawn('git', run.args, { cwd: run.directory, env: { ...run.environment }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const kept = { output: '', words: '' }
  let cut: GitEnd['cut']
  let lines = 0
  let ended = false
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error
    }
  }
  const stop = (): void => {
    kill('SIGTERM')
    setTimeout(() => !ended && kill('SIGKILL'), GRACE_MS).unref()
  }
  const timer = setTimeout(() => {
    cut ??= 'time'
    stop()
  }, run.seconds * 1000)
  run.signal.addEventListener('abort', stop, { once: true })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    kept.output = (kept.output + text).slice(-KEPT)
    lines += text.split('\n').length - 1
    if (run.mostLines === undefined || lines <= run.mostLines || cut !== undefined) return
    cut = 'lines'
    stop()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    kept.words = (kept.words + text).slice(-KEPT)
    for (const line of text.split(/[\r\n]+/)) if (line !== '') run.heard?.(line)
  })
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const watching = watch()
  try {
    const exitCode = await closed
    run.signal.throwIfAborted()
    return { exitCode, ...kept, cut }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw unreadable('git was not found', 'Install git 2.31 or newer.', error)
    throw error
  } finally {
    ended = true
    clearTimeout(timer)
    run.signal.removeEventListener('abort', stop)
    await watching
  }

  async function watch(): Promise<void> {
    while (run.watch !== undefined && !ended && cut === undefined) {
      if (await run.watch()) {
        cut ??= 'watch'
        stop()
      }
      await Promise.race([closed, sleep(250, undefined, { ref: false })]).catch(() => undefined)
    }
  }
}

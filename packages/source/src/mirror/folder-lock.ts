import { mkdir, open, stat, unlink, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '@fixpoint/core'

/** Who holds a lock says so this often; who has been silent for longer than the other is dead. */
const BEAT_MS = 5_000
const DEAD_MS = 60_000

/** One process at a time, on any machine that sees the file. A lock that a killed process left is taken over after a minute. */
export async function lockFile(path: string, signal: AbortSignal): Promise<AsyncDisposable> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  for (;;) {
    signal.throwIfAborted()
    try {
      await (await open(path, 'wx', 0o600)).close()
      break
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    const silentMs = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (silentMs > DEAD_MS) await unlink(path).catch(() => undefined)
    else await sleep(200, undefined, { signal })
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), BEAT_MS).unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(beat)
      await unlink(path).catch(() => undefined)
    },
  }
}

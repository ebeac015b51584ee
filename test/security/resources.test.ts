import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '@fixpoint/core'
import { describe, expect } from 'vitest'
import { inRoom, LIMITS, sandboxesWith } from './rooms.ts'
import { row } from './score.ts'

const MiB = 2 ** 20
const sandboxes = sandboxesWith()

describe('resources', () => {
  row('R1', 'fork bomb', () =>
    inRoom(sandboxes, async ({ sh, processes, sandbox }) => {
      const bomb = sh(':(){ :|:& };:; sleep 3', 4000)
      await sleep(1500)
      const most = await processes()
      expect(most).toBeGreaterThan(LIMITS.processes / 2)
      expect(most).toBeLessThanOrEqual(LIMITS.processes)
      await inRoomOfNeighbour()
      await bomb
      await sandbox.reset()
      expect(await processes()).toBe(2)
      return `${most} of ${LIMITS.processes} processes, the neighbour ran, 2 after the reset`
    }),
  )

  row('R2', 'memory bomb in the command and in its child', () =>
    inRoom(sandboxes, async ({ sh }) => {
      const bomb = "node -e 'const a=[];for(;;)a.push(Buffer.alloc(20e6,1))'"
      expect(await sh(`exec ${bomb}`)).toMatchObject({ exitCode: 137, oomKilled: true, killed: false })
      expect(await sh(`${bomb}; exit 1`)).toMatchObject({ exitCode: 1, oomKilled: true })
      expect(await sh('exit 1')).toMatchObject({ oomKilled: false })
      return 'exit 137, told apart as out of memory; the room goes on'
    }),
  )

  row('R3', 'files in memory', () =>
    inRoom(sandboxes, async ({ sh }) => {
      // Ending the writer frees nothing, so the kernel may go on to the room's own process: then the room is lost, and says so.
      const end = await sh('for i in 1 2 3 4 5 6 7; do head -c 60M /dev/zero > f$i || exit; done').catch((error: unknown) => error)
      if (end instanceof Failure) expect(end.code).toBe('room-lost')
      else expect(end).toMatchObject({ oomKilled: true })
      return end instanceof Failure ? `the room is lost: ${end.message}` : 'the writer is out of memory'
    }),
  )

  row('R4', 'disk, inodes, one huge file', () =>
    inRoom(sandboxes, async ({ sh }) => {
      const full = await sh('head -c 100M /dev/zero > /tmp/x; stat -c %s /tmp/x; rm /tmp/x')
      expect(full.stderr).toContain('No space left')
      expect(Number(full.stdout.trim())).toBeLessThanOrEqual(LIMITS.temporary)
      const inodes = await sh(`node -e 'const fs=require("fs");let n=0;try{for(;;n++)fs.writeFileSync("e"+n,"")}catch(e){console.log(e.code,n)}'`)
      expect(inodes.stdout).toMatch(/^ENOSPC (19\d{3}|20000)\n$/)
      const huge = await sh('find . -name "e*" -delete; head -c 100M /dev/zero > huge; stat -c %s huge')
      expect(huge.stdout.trim()).toBe(String(LIMITS.fileSize))
      expect((await sh('touch /x /etc/x /usr/x /var/x /fixpoint/tools/x')).exitCode).not.toBe(0)
      return `no space at ${LIMITS.temporary / MiB} MiB, ${inodes.stdout.trim().split(' ')[1]} files, a file of ${LIMITS.fileSize / MiB} MiB`
    }),
  )

  row('R5', 'output flood', () =>
    inRoom(sandboxes, async ({ sh, processes }) => {
      const before = process.memoryUsage().rss
      const flood = await sh('yes 0123456789')
      const grown = Math.max(0, process.memoryUsage().rss - before)
      expect(flood).toMatchObject({ truncated: true, killed: true, exitCode: null })
      expect(flood.stdout.length).toBeLessThanOrEqual(4 * MiB + 200)
      expect(grown).toBeLessThan(150 * MiB)
      expect(await processes()).toBe(2)
      return `stopped after ${Math.round(flood.durationMs)} ms, ${(flood.stdout.length / MiB).toFixed(1)} MiB kept, worker +${Math.round(grown / MiB)} MiB`
    }),
  )

  row('R6', 'one endless line, NULs, bad UTF-8', () =>
    inRoom(sandboxes, async ({ sh }) => {
      const line = await sh('head -c 50000000 /dev/zero; head -c 3000000 /dev/urandom >&2; printf "\\377\\376 end"')
      expect(line).toMatchObject({ exitCode: 0, truncated: true })
      expect(line.stdout.endsWith(' end')).toBe(true)
      expect(Buffer.from(line.stdout, 'utf8').toString('utf8')).toBe(line.stdout)
      return `${(line.stdout.length / MiB).toFixed(1)} MiB kept of 50 MB, valid UTF-8, the end is there`
    }),
  )

  row('R7', 'orphans, daemons, zombies', () =>
    inRoom(sandboxes, async ({ sh, processes, sandbox }) => {
      await sh('for i in 1 2 3 4 5; do (setsid nohup sleep 1000 >/dev/null 2>&1 &); done; for i in $(seq 40); do (true &); done; sleep 0.3')
      expect((await sh('grep -l "^State:.Z" /proc/[0-9]*/status')).stdout).toBe('')
      expect(await processes()).toBe(7)
      await sandbox.reset()
      expect(await processes()).toBe(2)
      await sh('(setsid sleep 1000 >/dev/null 2>&1 &)')
      return '0 zombies; 5 daemons gone with the reset, the last with the room'
    }),
  )

  row('R8', 'kill -9 -1, kill init, stop oneself', () =>
    inRoom(sandboxes, async ({ sh }) => {
      expect(await sh('kill -9 -1; kill -9 1; kill -9 $$')).toMatchObject({ exitCode: 137, killed: true, timedOut: false })
      expect(await sh('kill -STOP $$; echo passed', 2000)).toMatchObject({ timedOut: true, exitCode: null })
      expect((await sh('renice -n -5 $$ && cat /proc/1/environ')).exitCode).not.toBe(0)
      expect(await sh('cat a.txt')).toMatchObject({ exitCode: 0, stdout: 'a' })
      return 'killed, timed out, denied; the room answers'
    }),
  )

  row('R9', 'a hang that ignores SIGTERM and reads standard input', () =>
    inRoom(sandboxes, async ({ sh, processes }) => {
      const hang = await sh(`trap '' TERM INT HUP; (trap '' TERM; setsid sleep 1000) & read x; while :; do sleep 1000; done`, 1500)
      expect(hang).toMatchObject({ timedOut: true, killed: false, exitCode: null })
      expect(await processes()).toBe(2)
      return `ended ${Math.round(hang.durationMs - 1500)} ms after its deadline, nothing runs on`
    }),
  )

  row('R11', 'hostile names, depth, many files', () =>
    inRoom(sandboxes, async ({ sandbox, sh }) => {
      const names = ['-rf', '--checkpoint-action=exec=sh', 'new\nline', 'a'.repeat(255), '\u202egpj.exe', 'Case', 'case', '*', '$(id)', '\'"']
      const script = 'for (const n of process.argv.slice(1)) require("fs").writeFileSync(n, n)'
      await sandbox.exec({ argv: ['node', '-e', script, '--', ...names], timeoutMs: 10_000 }, new AbortController().signal)
      const read = await sandbox.read(names, 1000)
      expect([...read].map(([path, content]) => [path, Buffer.from(content).toString()])).toEqual(names.map((name) => [name, name]))
      await sandbox.write(names.map((path) => ({ path, content: 'over' })))
      await sh('for i in $(seq 3000); do mkdir x && cd x || break; done; echo hi > f')
      await sandbox.reset()
      expect((await sh('ls -A')).stdout).toBe('a.txt\n')
      return `${read.size} names read and written as they are; 3000 folders deep, gone with the reset`
    }),
  )
})

async function inRoomOfNeighbour(): Promise<void> {
  const environment = { toolchain: 'node' as const, way: 'none' as const, manifests: [], download: [], scripts: [], directories: [] }
  const never = new AbortController().signal
  const source = { commit: '0'.repeat(40), tree: '0'.repeat(40), list: () => [], read: () => undefined, text: () => undefined }
  const prepared = await sandboxes.prepare({ recipe: environment, source, runId: 'run_neighbour' }, never, () => {})
  await using neighbour = await sandboxes.open({ runId: 'run_neighbour', environment: prepared, source }, never)
  expect(await neighbour.exec({ argv: ['echo', 'fine'], timeoutMs: 10_000 }, never)).toMatchObject({ exitCode: 0, stdout: 'fine\n' })
}

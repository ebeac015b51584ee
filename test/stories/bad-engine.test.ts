import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixpoint, git } from './fixture.ts'
import { CRASH, fingerprint, leftBehind, place, SHOP } from './small-repository.ts'

// An engine that goes away while it works, and a repository that cannot take what was proved.

/** The real engine behind a socket of ours, which can be taken away. Both directions end on their own, as they do on the real one. */
async function engineAt(socket: string): Promise<{ stop(): void } & AsyncDisposable> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: '/var/run/docker.sock', allowHalfOpen: true })
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => undefined).on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const stop = () => {
    server.close()
    for (const each of open) each.destroy()
  }
  return { stop, [Symbol.asyncDispose]: async () => stop() }
}

describe('the Docker engine stops', () => {
  it.each([
    ['while a room is opened', /reproducing the failure/, 200],
    ['while candidates are tried', /candidate edits/, 1500],
  ])('%s: said as such, and the next command removes what was left', async (_, when, afterMs) => {
    await using at = await place(SHOP)
    const socket = join(at.home, '..', 'engine.sock')
    await using engine = await engineAt(socket)
    const report = await at.file('report', CRASH)
    const before = await fingerprint(at.folder)
    const ended = await fixpoint(['fix', '--repo', at.folder, '--report', report, '--json'], at.home, {
      env: { DOCKER_HOST: `unix://${socket}` },
      onLine(line) {
        if (when.test(line)) setTimeout(engine.stop, afterMs)
      },
    })
    const run = String(ended.result.runId)
    expect.soft(ended.stderr).toMatch(/no Docker engine answers \(E\w+\)/)
    expect.soft(ended.stderr).toMatch(/next .*Start Docker/)
    expect.soft(ended.stderr).not.toContain('fault of Fixpoint')
    expect.soft(ended.result).toMatchObject({ outcome: 'abandoned', reason: 'environment' })
    expect.soft(ended.code).toBe(9)
    expect.soft(await fingerprint(at.folder)).toBe(before)

    // A ledger tells the truth about rooms that nobody could close.
    const rooms = execFileSync('docker', ['ps', '--quiet', '--filter', `label=dev.fixpoint.run=${run}`], { encoding: 'utf8' })
    const open = rooms.split('\n').filter((line) => line !== '').length
    if (open > 0) expect.soft(ended.stderr).toMatch(/rooms .* could not be closed: the next fixpoint command removes/)
    // Any command of ours on this machine removes them, so another one may have been quicker than this.
    await fixpoint(['fix', '--repo', at.folder, '--report', report, '--budget', 'minutes=0'], at.home)
    expect(await leftBehind(at.home, run)).toEqual([])
  })
})

describe('what was proved cannot be published', () => {
  it('is handed over all the same', async () => {
    await using at = await place(SHOP)
    git(at.folder, 'branch', 'fixpoint') // A branch of that name leaves no room for `fixpoint/…`.
    const before = await fingerprint(at.folder, 'left out')
    const report = await at.file('report', CRASH)
    const ended = await fixpoint(['fix', '--repo', at.folder, '--report', report, '--budget', 'attempts=1,minutes=30', '--json'], at.home)
    expect.soft(ended.stderr).toMatch(/refs\/heads\/fixpoint is in the way of the branch/)
    expect.soft(ended.stderr).toMatch(/next .*git branch -m fixpoint <another name>/)
    expect.soft(ended.result).toMatchObject({ outcome: 'abandoned', reason: 'environment', branch: null, diagnosis: expect.any(String) })
    expect.soft(ended.code).toBe(9)
    expect.soft(await fingerprint(at.folder, 'left out')).toBe(before)
    expect.soft(await readFile(String(ended.result.certificate), 'utf8')).toContain('"verdict"')
    git(at.folder, 'apply', '--check', String(ended.result.patch))
    expect(ended.stderr).toMatch(/proved, and not published: git -C .* apply .*fix\.patch/)
    expect(await leftBehind(at.home, String(ended.result.runId))).toEqual([])
  })
})

describe('doctor', () => {
  it('proves the confinement each time, check by check', async () => {
    await using at = await place(SHOP)
    for (const time of ['first', 'second']) expect((await fixpoint(['doctor'], at.home)).stdout, time).toMatch(/✔ no network interface/)
  })
})

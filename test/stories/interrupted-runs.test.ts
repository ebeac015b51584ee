import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, fixpoint } from './fixture.ts'
import { CRASH, docker, fingerprint, leftBehind, type Place, place, put, SHOP } from './small-repository.ts'

/** Runs the program and sends it a signal when a line says what we wait for, and so many milliseconds later. */
function signalled(args: readonly string[], home: string, signal: NodeJS.Signals, when: RegExp, afterMs = 0): Promise<Ended> {
  let sent = false
  return fixpoint(args, home, {
    onLine(line, kill) {
      if (sent || !when.test(line)) return
      sent = true
      void sleep(afterMs).then(() => kill(signal))
    },
  })
}

const runOf = (ended: Ended): string => /run_[0-9a-z]{26}/.exec(ended.stderr)?.[0] ?? 'no run'

describe('Ctrl-C', () => {
  const random = Math.round(Math.random() * 8000)
  it.each([
    ['as soon as there is a run', /^run run_/, 0],
    [`at a random moment (${random} ms)`, /reproducing/, random],
    ['while candidates are tried', /candidate edits/, 1500],
  ])('%s cancels it, and leaves nothing behind', async (_, when, afterMs) => {
    await using at = await place(SHOP)
    const report = await at.file('report', CRASH)
    const before = await fingerprint(at.folder)
    const ended = await signalled(['fix', '--repo', at.folder, '--report', report, '--json'], at.home, 'SIGINT', when, afterMs)
    expect(ended.stderr).toMatch(/cancelling and closing the rooms/)
    expect(ended.stderr).not.toContain('fault of Fixpoint')
    expect(ended.code).toBe(130)
    expect(ended.result).toMatchObject({ type: 'result', outcome: 'cancelled', reason: 'interrupted', runId: runOf(ended) })
    expect(await leftBehind(at.home, runOf(ended))).toEqual([])
    expect(await fingerprint(at.folder)).toBe(before)
    expect((await fixpoint(['runs', 'list'], at.home)).stdout).toMatch(new RegExp(`${runOf(ended)} .* cancelled`))
    expect((await fixpoint(['runs', 'logs', runOf(ended).slice(-8)], at.home)).stdout).toMatch(/run-cancelled\n$/)
  })
})

describe('two that go on with one run', () => {
  it('do not disturb each other: one of them goes home', async () => {
    await using at = await place(SHOP)
    const report = await at.file('report', CRASH)
    const killed = await signalled(['fix', '--repo', at.folder, '--report', report, '--budget', '0'], at.home, 'SIGKILL', /reproducing/, 500)
    const resume = ['runs', 'resume', runOf(killed), '--json']
    let second: Promise<Ended> | undefined
    const first = await fixpoint(resume, at.home, {
      onLine(line) {
        if (/reproducing/.test(line)) second ??= fixpoint(resume, at.home)
      },
    })
    const both = [first, await second]
    const home = both.find((each) => each?.code === 1)
    expect(both.map((each) => each?.code).sort()).toEqual([1, 8])
    expect(home?.stderr).toMatch(/another process goes on with run_\w+; this one goes home/)
    expect(home?.stderr).toMatch(/fixpoint runs show run_/)
    expect(home?.result).toMatchObject({ type: 'result', reason: 'driven-elsewhere', runId: runOf(killed) })
    expect(await leftBehind(at.home, runOf(killed))).toEqual([])
  })
})

describe('a run on uncommitted changes that is killed while candidates are tried', () => {
  let at: Place
  let runId: string
  let certificate: string
  let resumed: Ended

  beforeAll(async () => {
    at = await place({ ...SHOP, 'src/last.js': 'export function last(items) {\n  return items.at(-1).name\n}\n' })
    await put(at.folder, SHOP)
    const args = ['fix', '--repo', at.folder, '--report', await at.file('report', CRASH), '--dirty', '--budget', 'attempts=1,minutes=30']
    const killed = await signalled(args, at.home, 'SIGKILL', /of \d+ tried/)
    runId = runOf(killed)
    expect(docker('ps', '--quiet', '--filter', `label=dev.fixpoint.run=${runId}`)).not.toEqual([])
    const before = await fingerprint(at.folder, 'left out')
    resumed = await fixpoint(['runs', 'resume', runId, '--json'], at.home)
    expect(await fingerprint(at.folder, 'left out')).toBe(before)
    certificate = await readFile(String(resumed.result.certificate), 'utf8').catch(() => '{}')
  }, 400_000)
  afterAll(() => at[Symbol.asyncDispose]())

  it('comes to the same end when somebody goes on with it, and what it left is removed', async () => {
    expect(resumed.stderr).toMatch(/removed \d+ rooms? that a killed process had left/)
    expect(resumed.result).toMatchObject({ type: 'result', outcome: 'delivered', runId })
    expect(resumed.code).toBe(0)
    expect(await readFile(String(resumed.result.patch), 'utf8')).toMatch(/^-.*items\[items\.length\]\.name$/m)
    expect(await leftBehind(at.home, runId)).toEqual([])
    const kinds = (await fixpoint(['replay', runId], at.home)).stdout
    expect(kinds.match(/run-opened/g)).toHaveLength(1)
    expect(kinds).toMatch(/run-settled .*→ settled\n$/)
  })

  const verify = async (change: (certificate: Tampered) => void) => {
    const value = JSON.parse(certificate) as Tampered
    change(value)
    const file = await at.file('tampered.json', JSON.stringify(value))
    return fixpoint(['verify', '--repo', at.folder, file, '--json'], at.home)
  }

  it('has a certificate that holds', async () => {
    const { code, result, stderr } = await verify(() => undefined)
    expect(stderr).toMatch(/true: the certificate holds/)
    expect(result).toMatchObject({ type: 'result', holds: true, doubts: [] })
    expect(code).toBe(0)
  })

  it.each<[string, (certificate: Tampered) => void, RegExp]>([
    [
      'a protected hash',
      ({ protectedFiles }) => Object.assign(protectedFiles, { 'test/last.test.js': '0'.repeat(64) }),
      /test\/last\.test\.js is not what it was/,
    ],
    ['the protected files, all gone', (all) => Object.assign(all, { protectedFiles: {} }), /test\/last\.test\.js is protected, and the certificate/],
    ['the verdict', ({ verdict }) => Object.assign(verdict, { name: 'regressed' }), /certificate says regressed/],
    ['a gate', ({ verdict }) => Object.assign(verdict.gates[0] ?? {}, { status: 'failed' }), /gate applies/],
    [
      'the patch, into one that mends nothing',
      ({ patch }) => Object.assign(patch, { diff: patch.diff.replace(/^\+.*name$/m, '+  return items[items.length + 0].name') }),
      /the verdict is/,
    ],
    ['the baseline, emptied', ({ baseline }) => Object.assign(baseline, { passing: [], failing: [] }), /do not do what the certificate says/],
  ])('does not hold with another: %s', async (_, change, why) => {
    const { code, result, stderr } = await verify(change)
    expect(stderr).toMatch(/false: the certificate does not hold/)
    expect(stderr).toMatch(why)
    expect(result).toMatchObject({ type: 'result', holds: false })
    expect(code).toBe(6)
  })
})

interface Tampered {
  protectedFiles: Record<string, string>
  verdict: { name: string; gates: { gate: string; status: string }[] }
  patch: { diff: string }
  baseline: object
}

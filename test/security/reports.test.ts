import { inert } from '@fixpoint/core'
import { parseStackTraces, redact, reportFrom } from '@fixpoint/intake'
import { planTests } from '@fixpoint/test-runners'
import { aProject, MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect } from 'vitest'
import { row } from './score.ts'

const KB = 1024
/** What made plausible regular expressions slow. */
const HOSTILE: Readonly<Record<string, (length: number) => string>> = {
  'frames that never end': (length) => `Error: x\n    at ${'a.'.repeat(length / 2)}`,
  brackets: (length) => `Error: x\n    at f ${'('.repeat(length)}`,
  'spaces before the end': (length) => `Error: x${' '.repeat(length)}y`,
  'colons and numbers': (length) => `Error: x\n    at f (${':1'.repeat(length / 2)})`,
  'Python frames': (length) => `Traceback (most recent call last):\n  File "${'"'.repeat(length)}`,
  'many short frames': (length) => `Error: x\n${'    at f (a.js:1:1)\n'.repeat(length / 20)}`,
  'causes in causes': (length) => 'Error: x\n  [cause]: '.repeat(length / 20),
  'log lines': (length) => '2026-01-01T00:00:00Z ERROR [a] {"err":{"stack":"Error: x\\n    at f (a.js:1:1)"}}\n'.repeat(length / 80),
}

describe('reports', () => {
  for (const [name, make] of Object.entries(HOSTILE)) {
    row('X1', `256 KB trace: ${name}`, () => {
      const time = (length: number) => {
        const text = make(length)
        return Math.min(
          ...[1, 2, 3, 4, 5].map(() => {
            const started = performance.now()
            parseStackTraces(text)
            return performance.now() - started
          }),
        )
      }
      time(32 * KB)
      // Eight times the text may cost eight times the time, not sixty-four; the floor keeps noise out of the ratio.
      let ratio = Number.POSITIVE_INFINITY
      for (let attempt = 0; attempt < 3 && ratio >= 24; attempt += 1) ratio = Math.max(0.5, time(256 * KB)) / Math.max(0.5, time(32 * KB))
      expect(ratio).toBeLessThan(24)
      return `8 times the text, ${ratio.toFixed(1)} times the time`
    })
  }

  row('H6', '20 MB report', async () => {
    const started = process.memoryUsage().heapUsed
    const report = await reportFrom(Buffer.from(`TypeError: x is undefined\n    at f (/app/a.js:1:1)\n${'log line of no interest\n'.repeat(900_000)}`), 'file')
    expect(report).toMatchObject({ traces: [{ errorType: 'TypeError' }] })
    return `read; ${JSON.stringify(report).length} characters kept, ${Math.round((process.memoryUsage().heapUsed - started) / 2 ** 20)} MB of heap`
  })

  row('H6', 'binary, empty and broken text', async () => {
    const shapes = [
      Buffer.alloc(100_000),
      Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256)),
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]),
      Buffer.from(''),
      Buffer.from('\ufeff'),
      Buffer.from([0xff, 0xfe, 0x41, 0, 0x42, 0]),
    ]
    for (const bytes of shapes) {
      const report = await reportFrom(bytes, 'file')
      expect('refused' in report || report.traces.length === 0).toBe(true)
    }
    return `${shapes.length} of ${shapes.length} refused, or without a trace`
  })

  row('H6', 'JSON 100,000 deep', async () => {
    const report = await reportFrom(`${'[{"a":'.repeat(100_000)}1${'}]'.repeat(100_000)}`, 'file')
    expect('refused' in report || report.traces.length === 0).toBe(true)
    return 'no trace, no overflow'
  })

  row('H9', 'terminal escapes, bidirectional text and line breaks in a report', async () => {
    const report = await reportFrom('TypeError: \u001b]8;;http://evil\u0007click\u001b]8;;\u0007 \u202egnp.exe\u200b\r\nat f (/app/a.js:1:1)', 'file')
    if ('refused' in report) return 'refused'
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(inert(report.title)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u200b]/)
    return 'shown as marks'
  })

  row('X2', 'secrets in every shape are taken out of a text', async () => {
    const secrets = [
      `ghp_${'a1'.repeat(18)}`,
      'AKIAIOSFODNN7EXAMPL3',
      `xoxb-${'1'.repeat(12)}-${'a'.repeat(24)}`,
      `sk-ant-api03-${'b'.repeat(40)}`,
      'postgres://u:s3cretpw9@h/db',
      `Bearer ${'eyJhbGciOi'.repeat(4)}.eyJ9.x`,
    ]
    const { text, redactions } = (await redact(secrets.map((secret, index) => `line ${index} ${secret} end`).join('\n'))) as {
      text: string
      redactions: number
    }
    for (const secret of secrets) expect(text).not.toContain(secret)
    return `${redactions} taken out`
  })
})

describe('reports of test runs', () => {
  const project = aProject()
  const plan = planTests(project, { kind: 'all' }, { nonce: 'n0nce', source: new MemorySnapshot({ 'test/price.test.js': '' }) })
  const ended = { exitCode: 0, stdout: '', stderr: '', durationMs: 1, timedOut: false, truncated: false, oomKilled: false, killed: false }
  const tests = [{ file: 'test/price.test.js', path: ['a'], status: 'passed', durationMs: 1 }]
  const good = { format: 1, runner: 'node:test', nonce: 'n0nce', tests, seal: { count: 1, nonce: 'n0nce' } }
  const FORGED: Readonly<Record<string, string | undefined>> = {
    'no report': undefined,
    'cut off': JSON.stringify(good).slice(0, -5),
    'of another run': JSON.stringify({ ...good, nonce: 'other' }),
    'of another runner': JSON.stringify({ ...good, runner: 'jest' }),
    'no seal': JSON.stringify({ ...good, seal: undefined }),
    'a wrong count': JSON.stringify({ ...good, seal: { count: 2, nonce: 'n0nce' } }),
    'an unknown status': JSON.stringify({ ...good, tests: [{ ...tests[0], status: 'fixed' }] }),
    'not JSON': '<testsuites tests="1" failures="0"/>',
    'a deep one': `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
    'a failure, and an exit code of 0': JSON.stringify({ ...good, tests: [{ ...tests[0], status: 'failed' }] }),
    prototypes: '{"__proto__":{"reported":true},"constructor":{"prototype":{}}}',
  }
  row('W4', 'forged, cut and strange reports', () => {
    for (const [name, text] of Object.entries(FORGED)) {
      const files = new Map(text === undefined ? [] : plan.reads.map((path) => [path, Buffer.from(text)] as const))
      expect(plan.parse(ended, files).reported, name).toBe(false)
    }
    for (const end of [{ timedOut: true }, { oomKilled: true }, { killed: true }])
      expect(plan.parse({ ...ended, ...end }, new Map(plan.reads.map((path) => [path, Buffer.from(JSON.stringify(good))] as const))).reported).toBe(false)
    expect(plan.parse(ended, new Map(plan.reads.map((path) => [path, Buffer.from(JSON.stringify(good))] as const))).reported).toBe(true)
    return `${Object.keys(FORGED).length + 3} of ${Object.keys(FORGED).length + 3} not believed`
  })
})

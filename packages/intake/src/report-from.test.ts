import { BugReport, reveal } from '@fixpoint/core'
import { describe, expect, test } from 'vitest'
import { redact } from './redact.ts'
import { reportFrom } from './report-from.ts'
import { reportedChecks } from './reported-checks.ts'

async function reported(input: string | Uint8Array): Promise<BugReport> {
  const report = await reportFrom(input, 'file')
  if ('refused' in report) throw new Error(report.refused)
  return report
}

describe('what is refused', () => {
  test.each([
    ['nothing', '', 'empty'],
    ['white space', ' \n\t\n', 'empty'],
    ['an archive', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 1, 2]), 'binary'],
    ['bytes that are no text', Uint8Array.from({ length: 4000 }, (_, index) => 128 + (index % 64)), 'binary'],
  ])('%s', async (_, input, refused) => {
    expect(await reportFrom(input, 'file')).toEqual({ refused, hint: expect.any(String) })
  })
})

test('a report is a BugReport in every field', async () => {
  const report = await reported('# Checkout fails\n\nrelease: shop@1.4.2\n\nTypeError: x is not a function\n    at f (/app/f.js:1:2)\n')
  expect(BugReport.parse(report)).toEqual(report)
  expect(report).toMatchObject({ origin: 'file', revision: 'shop@1.4.2', redactions: 0, checks: [] })
  expect(reveal(report.title)).toBe('Checkout fails')
})

test.each([
  ['commit 9fceb02d0ae598e95dc970b74767f19372d61af8 is live', '9fceb02d0ae598e95dc970b74767f19372d61af8'],
  ['GIT_COMMIT=9fceb02', '9fceb02'],
  ['we commit to quality', undefined],
  ['"release": "2026.11.21"', '2026.11.21'],
])('%s ran %s', async (text, revision) => expect((await reported(text)).revision).toBe(revision))

test('the title of a trace alone is its error, without what deceives the eye', async () => {
  expect(reveal((await reported('TypeError: a\u202eb\n    at f (/app/f.js:1:2)')).title)).toBe('TypeError: a\ufffdb')
})

test('UTF-16 as PowerShell writes it', async () => {
  const text = 'TypeError: x\n    at f (/app/f.js:1:2)\n'
  const bytes = new Uint8Array(2 + 2 * text.length)
  bytes.set([0xff, 0xfe])
  for (let at = 0; at < text.length; at += 1) bytes[2 + 2 * at] = text.charCodeAt(at)
  expect((await reported(bytes)).traces[0]?.errorType).toBe('TypeError')
})

test('of a report that is too long the text says how much was left out', async () => {
  const report = await reported(new TextEncoder().encode(`${'a line of a log\n'.repeat(1_500_000)}TypeError: last\n    at f (/app/f.js:1:2)\n`))
  expect(report.traces.map(({ message }) => message)).toEqual(['last'])
  expect(reveal(report.text)).toMatch(/\[\d+ characters left out\]/)
  expect(reveal(report.text).length).toBeLessThan(300 * 1024)
})

test('an error that prose names is a trace without frames', async () => {
  const report = await reported("`decode('x')` throws `TypeError: Cannot read properties of null (reading 'payload')`; I expected null.")
  expect(report.traces).toEqual([
    { language: 'javascript', errorType: 'TypeError', message: "Cannot read properties of null (reading 'payload')", frames: [], causes: [] },
  ])
})

describe('secrets', () => {
  const github = `ghp_${'aB3dE6gH9jK2mN5pQ8rT1vW4yZ7bC0dF3gH6'}`
  test.each([
    ['a GitHub token', `token ${github} here`, 'token [redacted:github-token] here'],
    ['an AWS example key', 'id AKIAIOSFODNN7EXAMPLE.', 'id [redacted:aws-access-key-id].'],
    ['a short key in PEM', 'x\n-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----\ny', 'x\n[redacted:private-key]\ny'],
    ['a key whose end is missing', '-----BEGIN PRIVATE KEY-----\nMIIE', '[redacted:private-key]'],
    ['a header', 'Authorization: Bearer abcdef1234567890', 'Authorization: Bearer [redacted:authorization]'],
    ['a cookie', 'Cookie: session=abcd1234; theme=dark', 'Cookie: [redacted:cookie]'],
    ['a password in an address', 'amqp://shop:hunter2!@mq.example/x', 'amqp://shop:[redacted:password]@mq.example/x'],
    ['a token of its own kind', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '[redacted:json-web-token]'],
    ['an assignment', 'DB_PASSWORD=correct-horse', 'DB_PASSWORD=[redacted:password]'],
    ['a field of a record', '{"apiKey":"9f8e7d6c5b4a39281706"}', '{"apiKey":"[redacted:secret]"}'],
    [
      'words that are none',
      'token: undefined, Unexpected token < in JSON, password: required',
      'token: undefined, Unexpected token < in JSON, password: required',
    ],
    ['a comment that asks to look away', `// secretlint-disable\n${github}`, '// secretlint-disable\n[redacted:github-token]'],
  ])('%s', async (_, text, expected) => expect((await redact(text)).text).toBe(expected))

  test('none reaches any field of a report', async () => {
    const report = await reported(`Error: bad token ${github}\n    at f (/app/f.js:1:2)\n`)
    expect(JSON.stringify(report)).not.toContain(github)
    expect(report.redactions).toBe(1)
  })

  test('the work grows with the text, not with its square', async () => {
    const time = async (text: string) => {
      let best = Number.POSITIVE_INFINITY
      for (let run = 0; run < 3; run += 1) {
        const start = performance.now()
        await redact(text)
        best = Math.min(best, performance.now() - start)
      }
      return best
    }
    const quadratic: string[] = []
    for (const piece of ['eyJ', 'Bearer ', 'a://', 'token=', 'a-', '-----BEGIN PRIVATE KEY', 'Cookie: a=', '://a:', 'password']) {
      const text = piece.repeat(Math.ceil((128 * 1024) / piece.length))
      const slow = async () => (await time(text)) > 24 * Math.max(await time(text.slice(0, 16 * 1024)), 2)
      if ((await slow()) && (await slow()) && (await slow())) quadratic.push(piece)
    }
    expect(quadratic).toEqual([])
  })
})

describe('what can be run', () => {
  test.each([
    [' FAIL  src/cart.test.ts > Cart > adds up', [{ kind: 'test', name: 'Cart > adds up', file: 'src/cart.test.ts' }]],
    ['  ● Cart › adds up', [{ kind: 'test', name: 'Cart › adds up' }]],
    ['not ok 3 - adds up', [{ kind: 'test', name: 'adds up' }]],
    ['Failing test: `test/a.test.ts` > sums > adds up', [{ kind: 'test', name: 'sums > adds up', file: 'test/a.test.ts' }]],
    ['The failing test is sums > adds up', [{ kind: 'test', name: 'sums > adds up' }]],
    ['The test `tests/test_a.py::test_adds` fails:', [{ kind: 'test', name: 'test_adds', file: 'tests/test_a.py' }]],
    ['since Monday the test "adds up" fails', [{ kind: 'test', name: 'adds up' }]],
    ['we test `adds` in production', []],
    ['not ok 3 - adds up # TODO later', [{ kind: 'test', name: 'adds up' }]],
    ['FAILED tests/test_cart.py::TestCart::test_sum - KeyError: 1', [{ kind: 'test', name: 'TestCart > test_sum', file: 'tests/test_cart.py' }]],
    ['FAILED tests/test_cart.py::test_sum[a b]', [{ kind: 'test', name: 'test_sum[a b]', file: 'tests/test_cart.py' }]],
    ['  1) Cart adds up:', [{ kind: 'test', name: 'Cart adds up' }]],
    ['FAIL Cart adds up', [{ kind: 'test', name: 'Cart adds up' }]],
    ['FAIL src/cart.test.js', []],
    ['$ node repro.js --size 3', [{ kind: 'command', argv: ['node', 'repro.js', '--size', '3'] }]],
    ['```sh\nnpm test -- "a b"\n```', [{ kind: 'command', argv: ['npm', 'test', '--', 'a b'] }]],
    ['$ npm install && rm -rf /', []],
    ['$ npm install x', []],
    ['$ rm -rf /', []],
    ['$ node -e "$(cat /etc/passwd)"', []],
  ])('%s', (text, checks) => expect(reportedChecks(text)).toEqual(checks))

  test('code in a fence, when it calls something and is no output', () => {
    expect(reportedChecks("```js\nconst { f } = require('x')\nf(1)\n```")).toEqual([
      { kind: 'snippet', language: 'javascript', code: "const { f } = require('x')\nf(1)" },
    ])
    expect(reportedChecks('To reproduce:\n```py\nprint(f(1))\n```')).toEqual([{ kind: 'snippet', language: 'python', code: 'print(f(1))' }])
    expect(reportedChecks('```js\n{ a: 1 }\n```')).toEqual([])
    expect(reportedChecks('```\nError: x\n    at f (/a.js:1:2)\n```')).toEqual([])
  })
})

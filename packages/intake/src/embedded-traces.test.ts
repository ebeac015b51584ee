import { describe, expect, test } from 'vitest'
import { parseStackTraces } from './stack-traces.ts'
import { told } from './told.ts'

describe('inside of logs, records and issues', () => {
  test('containers and timestamps', () => {
    expect(
      told(
        parseStackTraces(`app_1  | 2026-11-21 04:00:00,123 ERROR [app.views] request failed
app_1  | Traceback (most recent call last):
app_1  |   File "/srv/app/views.py", line 10, in get
app_1  |     return total(order)
app_1  |            ^^^^^^^^^^^^
app_1  |   File "/srv/app/totals.py", line 4, in total
app_1  |     return order['lines'][0]
app_1  | KeyError: 'lines'
app_1  | 2026-11-21 04:00:00,124 INFO next
Nov 21 04:00:00 web-1 app[4711]: TypeError: x is not a function
Nov 21 04:00:00 web-1 app[4711]:     at f (/srv/app/dist/a.js:1:2)
Nov 21 04:00:00 web-1 app[4711]:     at async g [as h] (C:\\Program Files (x86)\\app\\a b.js:3:4)
`),
      ),
    ).toMatchInlineSnapshot(`
      "python KeyError: 'lines'
        total /srv/app/totals.py:4
        get /srv/app/views.py:10
      javascript TypeError: x is not a function
        f /srv/app/dist/a.js:1:2
        async g C:\\Program Files (x86)\\app\\a b.js:3:4"
    `)
  })

  test('JSON records: the stack as a text in a field', () => {
    expect(
      told(
        parseStackTraces(`{"level":"info","msg":"start"}
{"level":"error","err":{"type":"TypeError","message":"boom","stack":"TypeError: boom\\n    at j (/app/src/j.ts:9:1)\\n    at async k (/app/src/k.ts:2:3)"},"msg":"boom"}
{"level":"error","exception":"Traceback (most recent call last):\\n  File \\"/app/x.py\\", line 3, in f\\n    g()\\nValueError: no"}
{"level":"error","deep":{"er":{"stack":"Error: cut off\\n    at l (/app/src/l.ts:1:1)\\n    at m (/app/s`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: boom
        j /app/src/j.ts:9:1
        async k /app/src/k.ts:2:3
      python ValueError: no
        f /app/x.py:3
      javascript Error: cut off
        l /app/src/l.ts:1:1"
    `)
  })

  test('one JSON document over many lines', () => {
    expect(
      told(
        parseStackTraces(`{
  "event": {
    "error": {
      "stack": "TypeError: boom\\n    at j (/app/src/j.ts:9:1)"
    }
  }
}`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: boom
        j /app/src/j.ts:9:1"
    `)
  })

  test('Kubernetes, syslog, Heroku, Laravel-like, bracketed levels', () => {
    expect(
      told(
        parseStackTraces(`2026-11-21T04:00:00Z stderr F RangeError: bad
2026-11-21T04:00:00Z stderr F     at k (/app/k.js:3:4)
Nov 21 04:00:00 web-1 app[4711]: TypeError: x is not a function
Nov 21 04:00:00 web-1 app[4711]:     at f (/app/a.js:1:2)
2026-11-21T04:00:01.123456+00:00 app[web.1]: Error: dyno
2026-11-21T04:00:01.123456+00:00 app[web.1]:     at d (/app/d.js:1:2)
[2026-11-21 04:00:00] production.ERROR: Error: uh
    at n (/app/n.js:2:3)
[ERROR] 04:00:00.123 Error: zz
    at o (/app/o.js:2:3)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript RangeError: bad
        k /app/k.js:3:4
      javascript TypeError: x is not a function
        f /app/a.js:1:2
      javascript Error: dyno
        d /app/d.js:1:2
      javascript Error: uh
        n /app/n.js:2:3
      javascript Error: zz
        o /app/o.js:2:3"
    `)
  })

  test('Markdown: a quotation, a fence, an indented block', () => {
    expect(
      told(
        parseStackTraces(`It fails:

> \`\`\`
> ReferenceError: q is not defined
>     at m (/app/m.js:2:3)
> \`\`\`

\`\`\`
TypeError: fenced
    at f (/app/f.js:2:3)
\`\`\`

    Error: indented
        at g (/app/g.js:2:3)

And \`Error: not me\` in prose.`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript ReferenceError: q is not defined
        m /app/m.js:2:3
      javascript TypeError: fenced
        f /app/f.js:2:3
      javascript Error: indented
        g /app/g.js:2:3"
    `)
  })

  test('the fence above is not the header', () => {
    expect(
      told(
        parseStackTraces(`Error: this is another thing
\`\`\`
    at f (/app/f.js:2:3)
\`\`\``),
      ),
    ).toMatchInlineSnapshot(`
      "javascript ?
        f /app/f.js:2:3"
    `)
  })

  test('colours', () => {
    expect(
      told(
        parseStackTraces(`\u001b[31mTypeError: red\u001b[39m
    at f (\u001b[36m/app/f.js\u001b[39m:\u001b[33m2\u001b[39m:3)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: red
        f /app/f.js:2:3"
    `)
  })

  test('carriage returns', () => {
    expect(
      told(
        parseStackTraces(
          `TypeError: dos
    at f (/app/f.js:2:3)
    at g (/app/g.js:2:3)
`.replaceAll('\n', '\r\n'),
        ),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: dos
        f /app/f.js:2:3
        g /app/g.js:2:3"
    `)
  })

  test('an error in the words of a logger, with frames below', () => {
    expect(
      told(
        parseStackTraces(`2026-11-21 04:00:00,123 [worker-3] ERROR c.e.Shop - order 17 failed with TypeError: Cannot read properties of undefined (reading 'id')
    at f (/app/f.js:2:3)
2026-11-21 04:00:00,124 [worker-3] INFO next`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: Cannot read properties of undefined (reading 'id')
        f /app/f.js:2:3"
    `)
  })

  test('a prefix that no rule knows', () => {
    expect(
      told(
        parseStackTraces(`shop~7%    Error: not seen
shop~7%    at f (/app/f.js:2:3)
shop~7%        at g (/app/g.js:2:3)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: not seen
        f /app/f.js:2:3
        g /app/g.js:2:3"
    `)
  })

  test('two traces one after the other', () => {
    expect(
      told(
        parseStackTraces(`Error: one
    at f (/app/f.js:1:1)
Error: two
    at g (/app/g.js:1:1)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: one
        f /app/f.js:1:1
      javascript Error: two
        g /app/g.js:1:1"
    `)
  })

  test('Flask: the traceback follows its record', () => {
    expect(
      told(
        parseStackTraces(`[2026-11-21 04:00:00,123] ERROR in app: Exception on /orders [GET]
Traceback (most recent call last):
  File "/app/views.py", line 10, in get
    return total(order)
KeyError: 'lines'
127.0.0.1 - - [21/Nov/2026 04:00:00] "GET /orders HTTP/1.1" 500 -`),
      ),
    ).toMatchInlineSnapshot(`
      "python KeyError: 'lines'
        get /app/views.py:10"
    `)
  })
})

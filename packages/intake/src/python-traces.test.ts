import { describe, expect, test } from 'vitest'
import { parseStackTraces } from './stack-traces.ts'
import { told } from './told.ts'

describe('recorded from Python 3.11', () => {
  test('a chain: direct cause, then context; a message of two lines', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/chain.py", line 5, in parse
    return load(d)
           ^^^^^^^
  File "/srv/app/chain.py", line 2, in load
    return d['missing']
           ~^^^^^^^^^^^
KeyError: 'missing'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/app/chain.py", line 9, in <module>
    parse({})
  File "/srv/app/chain.py", line 7, in parse
    raise ValueError("bad\\nmulti line: x") from e
ValueError: bad
multi line: x

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/app/chain.py", line 11, in <module>
    {}.foo
AttributeError: 'dict' object has no attribute 'foo'`),
      ),
    ).toMatchInlineSnapshot(`
  "python AttributeError: 'dict' object has no attribute 'foo'
    <module> /srv/app/chain.py:11
    context
      python ValueError: bad⏎multi line: x
        parse /srv/app/chain.py:7
        <module> /srv/app/chain.py:9
        cause
          python KeyError: 'missing'
            load /srv/app/chain.py:2
            parse /srv/app/chain.py:5"
`)
  })

  test('a frame of exec', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/ex.py", line 1, in <module>
    exec("1/0")
  File "<string>", line 1, in <module>
ZeroDivisionError: division by zero`),
      ),
    ).toMatchInlineSnapshot(`
  "python ZeroDivisionError: division by zero
    <module> <string>:1 (eval)
    <module> /srv/app/ex.py:1"
`)
  })

  test('groups within groups', () => {
    expect(
      told(
        parseStackTraces(`  + Exception Group Traceback (most recent call last):
  |   File "/srv/app/group.py", line 9, in <module>
  |     raise ExceptionGroup("many problems", [g(), TypeError("t"), KeyError('k')])
  | ExceptionGroup: many problems (3 sub-exceptions)
  +-+---------------- 1 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "/srv/app/group.py", line 7, in g
    |     try: raise ExceptionGroup("inner", es)
    |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    | ExceptionGroup: inner (2 sub-exceptions)
    +-+---------------- 1 ----------------
      | Traceback (most recent call last):
      |   File "/srv/app/group.py", line 5, in g
      |     try: f(i)
      |          ^^^^
      |   File "/srv/app/group.py", line 1, in f
      |     def f(x): raise ValueError(x)
      |               ^^^^^^^^^^^^^^^^^^^
      | ValueError: 1
      +---------------- 2 ----------------
      | Traceback (most recent call last):
      |   File "/srv/app/group.py", line 5, in g
      |     try: f(i)
      |          ^^^^
      |   File "/srv/app/group.py", line 1, in f
      |     def f(x): raise ValueError(x)
      |               ^^^^^^^^^^^^^^^^^^^
      | ValueError: 2
      +------------------------------------
    +---------------- 2 ----------------
    | TypeError: t
    +---------------- 3 ----------------
    | KeyError: 'k'
    +------------------------------------`),
      ),
    ).toMatchInlineSnapshot(`
      "python ExceptionGroup: many problems (3 sub-exceptions)
        <module> /srv/app/group.py:9
        member
          python ExceptionGroup: inner (2 sub-exceptions)
            g /srv/app/group.py:7
            member
              python ValueError: 1
                f /srv/app/group.py:1
                g /srv/app/group.py:5
            member
              python ValueError: 2
                f /srv/app/group.py:1
                g /srv/app/group.py:5
        member
          python TypeError: t
        member
          python KeyError: 'k'"
    `)
  })

  test('a syntax error of an imported file', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/impsyn.py", line 1, in <module>
    import syn
  File "/srv/app/syn.py", line 1
    def f(:
          ^
SyntaxError: invalid syntax`),
      ),
    ).toMatchInlineSnapshot(`
  "python SyntaxError: invalid syntax
    - /srv/app/syn.py:1
    <module> /srv/app/impsyn.py:1"
`)
  })

  test('indentation, without a traceback', () => {
    expect(
      told(
        parseStackTraces(`  File "/srv/app/ind.py", line 1
    x = 1
IndentationError: unexpected indent`),
      ),
    ).toMatchInlineSnapshot(`
  "python IndentationError: unexpected indent
    - /srv/app/ind.py:1"
`)
  })

  test('the standard library is runtime', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/js.py", line 2, in <module>
    json.loads("{bad")
  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.11/json/decoder.py", line 337, in decode
    obj, end = self.raw_decode(s, idx=_w(s, 0).end())
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.11/json/decoder.py", line 353, in raw_decode
    obj, end = self.scan_once(s, idx)
               ^^^^^^^^^^^^^^^^^^^^^^
json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)`),
      ),
    ).toMatchInlineSnapshot(`
  "python json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)
    raw_decode /usr/lib/python3.11/json/decoder.py:353 (runtime)
    decode /usr/lib/python3.11/json/decoder.py:337 (runtime)
    loads /usr/lib/python3.11/json/__init__.py:346 (runtime)
    <module> /srv/app/js.py:2"
`)
  })

  test('lambdas and methods', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/lam.py", line 6, in <module>
    C().m()
  File "/srv/app/lam.py", line 5, in m
    return (lambda: f())()
           ^^^^^^^^^^^^^^^
  File "/srv/app/lam.py", line 5, in <lambda>
    return (lambda: f())()
                    ^^^
  File "/srv/app/lam.py", line 2, in f
    [].x if 0 else int("12ab")
                   ^^^^^^^^^^^
ValueError: invalid literal for int() with base 10: '12ab'`),
      ),
    ).toMatchInlineSnapshot(`
  "python ValueError: invalid literal for int() with base 10: '12ab'
    f /srv/app/lam.py:2
    <lambda> /srv/app/lam.py:5
    m /srv/app/lam.py:5
    <module> /srv/app/lam.py:6"
`)
  })

  test('a statement of several lines', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/ml.py", line 4, in <module>
    f(1,
  File "/srv/app/ml.py", line 2, in f
    return (a +
            ^^^
TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'`),
      ),
    ).toMatchInlineSnapshot(`
  "python TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'
    f /srv/app/ml.py:2
    <module> /srv/app/ml.py:4"
`)
  })

  test('an exception without a message', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/nomsg.py", line 4, in <module>
    f()
  File "/srv/app/nomsg.py", line 3, in f
    raise StopHere
StopHere`),
      ),
    ).toMatchInlineSnapshot(`
  "python StopHere
    f /srv/app/nomsg.py:3
    <module> /srv/app/nomsg.py:4"
`)
  })

  test('a note', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/note.py", line 3, in <module>
    raise e
ValueError: v
note one`),
      ),
    ).toMatchInlineSnapshot(`
  "python ValueError: v⏎note one
    <module> /srv/app/note.py:3"
`)
  })

  test('repeated lines', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/rec.py", line 3, in <module>
    r(0)
  File "/srv/app/rec.py", line 2, in r
    return r(n+1)
           ^^^^^^
  File "/srv/app/rec.py", line 2, in r
    return r(n+1)
           ^^^^^^
  File "/srv/app/rec.py", line 2, in r
    return r(n+1)
           ^^^^^^
  [Previous line repeated 996 more times]
RecursionError: maximum recursion depth exceeded`),
      ),
    ).toMatchInlineSnapshot(`
  "python RecursionError: maximum recursion depth exceeded
    r /srv/app/rec.py:2
    r /srv/app/rec.py:2
    r /srv/app/rec.py:2
    <module> /srv/app/rec.py:3"
`)
  })

  test('a syntax error without a traceback', () => {
    expect(
      told(
        parseStackTraces(`  File "/srv/app/syn.py", line 1
    def f(:
          ^
SyntaxError: invalid syntax`),
      ),
    ).toMatchInlineSnapshot(`
  "python SyntaxError: invalid syntax
    - /srv/app/syn.py:1"
`)
  })

  test('a task group', () => {
    expect(
      told(
        parseStackTraces(`  + Exception Group Traceback (most recent call last):
  |   File "/srv/app/tg.py", line 9, in <module>
  |     asyncio.run(m())
  |   File "/usr/lib/python3.11/asyncio/runners.py", line 190, in run
  |     return runner.run(main)
  |            ^^^^^^^^^^^^^^^^
  |   File "/usr/lib/python3.11/asyncio/runners.py", line 118, in run
  |     return self._loop.run_until_complete(task)
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |   File "/usr/lib/python3.11/asyncio/base_events.py", line 653, in run_until_complete
  |     return future.result()
  |            ^^^^^^^^^^^^^^^
  |   File "/srv/app/tg.py", line 7, in m
  |     async with asyncio.TaskGroup() as tg:
  |   File "/usr/lib/python3.11/asyncio/taskgroups.py", line 145, in __aexit__
  |     raise me from None
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/srv/app/tg.py", line 5, in a
    |     return x.y
    |            ^^^
    | AttributeError: 'NoneType' object has no attribute 'y'
    +------------------------------------`),
      ),
    ).toMatchInlineSnapshot(`
      "python ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
        __aexit__ /usr/lib/python3.11/asyncio/taskgroups.py:145 (runtime)
        m /srv/app/tg.py:7
        run_until_complete /usr/lib/python3.11/asyncio/base_events.py:653 (runtime)
        run /usr/lib/python3.11/asyncio/runners.py:118 (runtime)
        run /usr/lib/python3.11/asyncio/runners.py:190 (runtime)
        <module> /srv/app/tg.py:9
        member
          python AttributeError: 'NoneType' object has no attribute 'y'
            a /srv/app/tg.py:5"
    `)
  })

  test('from the middle of a chain', () => {
    expect(
      told(
        parseStackTraces(`  File "/srv/app/b.py", line 2, in f
    g()
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/app/a.py", line 9, in <module>
    f()
RuntimeError: no`),
      ),
    ).toMatchInlineSnapshot(`
  "python RuntimeError: no
    <module> /srv/app/a.py:9"
`)
  })

  test('Windows, site-packages, frozen modules, other module names', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "C:\\shop\\app.py", line 3, in <module>
    main()
  File "<frozen importlib._bootstrap>", line 1027, in _find_and_load
  File "C:\\Python311\\Lib\\site-packages\\requests\\adapters.py", line 519, in send
    raise ConnectTimeout(e)
  File "/usr/lib/python3/dist-packages/x.py", line 1, in x
requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='api', port=443)`),
      ),
    ).toMatchInlineSnapshot(`
  "python requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='api', port=443)
    x /usr/lib/python3/dist-packages/x.py:1 (dependency)
    send C:\\Python311\\Lib\\site-packages\\requests\\adapters.py:519 (dependency)
    _find_and_load <frozen importlib._bootstrap>:1027 (runtime)
    <module> C:\\shop\\app.py:3"
`)
  })

  test('cut off before the exception', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/a.py", line 9, in <module>
    f()`),
      ),
    ).toMatchInlineSnapshot(`
      "python ?
        <module> /srv/app/a.py:9"
    `)
  })

  test('indented as a whole', () => {
    expect(
      told(
        parseStackTraces(`    Traceback (most recent call last):
      File "/srv/app/a.py", line 9, in f
        f()
    ValueError: no

    That is all.`),
      ),
    ).toMatchInlineSnapshot(`
      "python ValueError: no
        f /srv/app/a.py:9"
    `)
  })

  test('lower-case exceptions of C modules', () => {
    expect(
      told(
        parseStackTraces(`Traceback (most recent call last):
  File "/srv/app/a.py", line 9, in f
    connect()
socket.timeout: timed out`),
      ),
    ).toMatchInlineSnapshot(`
  "python socket.timeout: timed out
    f /srv/app/a.py:9"
`)
  })
})

test('a marker under a part of a line is no Markdown fence', () => {
  const text = [
    'Traceback (most recent call last):',
    '  File "/srv/app/quote.py", line 7, in quote',
    '    return rates[zone] + extra',
    '           ~~~~~^^^^^^',
    "KeyError: 'EU'",
  ].join('\n')
  expect(parseStackTraces(text)).toMatchObject([{ errorType: 'KeyError', message: "'EU'", frames: [{ file: '/srv/app/quote.py', line: 7 }] }])
})

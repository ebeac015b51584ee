import { describe, expect, test } from 'vitest'
import { parseStackTraces } from './stack-traces.ts'
import { told } from './told.ts'

describe('recorded from Node 20, and as libraries and runners print them', () => {
  test('a cause, nested in braces, and elided frames', () => {
    expect(
      told(
        parseStackTraces(`/srv/app/cause.cjs:2
function outer(){ try { inner({}) } catch (e) { throw new Error('outer failed', {cause: e}) } }
                                                ^

Error: outer failed
    at outer (/srv/app/cause.cjs:2:55)
    at Object.<anonymous> (/srv/app/cause.cjs:3:1)
    ... 5 lines matching cause stack trace ...
    at node:internal/main/run_main_module:28:49 {
  [cause]: TypeError: Cannot read properties of undefined (reading 'b')
      at inner (/srv/app/cause.cjs:1:31)
      at outer (/srv/app/cause.cjs:2:25)
      at Object.<anonymous> (/srv/app/cause.cjs:3:1)
      at Module._compile (node:internal/modules/cjs/loader:1521:14)
      at node:internal/main/run_main_module:28:49
}

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: outer failed
        outer /srv/app/cause.cjs:2:55
        Object.<anonymous> /srv/app/cause.cjs:3:1
        - node:internal/main/run_main_module:28:49 (runtime)
        cause
          javascript TypeError: Cannot read properties of undefined (reading 'b')
            inner /srv/app/cause.cjs:1:31
            outer /srv/app/cause.cjs:2:25
            Object.<anonymous> /srv/app/cause.cjs:3:1
            Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
            - node:internal/main/run_main_module:28:49 (runtime)"
    `)
  })

  test('an aggregate without frames of its own', () => {
    expect(
      told(
        parseStackTraces(`node:internal/modules/run_main:123
    triggerUncaughtException(
    ^

[AggregateError: All promises were rejected] {
  [errors]: [
    TypeError: a
        at one (file:///srv/app/agg.mjs:1:29)
        at file:///srv/app/agg.mjs:3:20
        at ModuleJob.run (node:internal/modules/esm/module_job:325:25)
        at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)
        at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_main:117:5),
    Error: b
        at two (file:///srv/app/agg.mjs:2:33)
        at file:///srv/app/agg.mjs:3:27
        at ModuleJob.run (node:internal/modules/esm/module_job:325:25)
        at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)
        at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_main:117:5) {
      code: 'EB'
    }
  ]
}

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript AggregateError: All promises were rejected
        member
          javascript TypeError: a
            one file:///srv/app/agg.mjs:1:29
            - file:///srv/app/agg.mjs:3:20
            ModuleJob.run node:internal/modules/esm/module_job:325:25 (runtime)
            async ModuleLoader.import node:internal/modules/esm/loader:606:24 (runtime)
            async asyncRunEntryPointWithESMLoader node:internal/modules/run_main:117:5 (runtime)
        member
          javascript Error: b
            two file:///srv/app/agg.mjs:2:33
            - file:///srv/app/agg.mjs:3:27
            ModuleJob.run node:internal/modules/esm/module_job:325:25 (runtime)
            async ModuleLoader.import node:internal/modules/esm/loader:606:24 (runtime)
            async asyncRunEntryPointWithESMLoader node:internal/modules/run_main:117:5 (runtime)"
    `)
  })

  test('a frame inside of eval, constructors and methods', () => {
    expect(
      told(
        parseStackTraces(`<anonymous_script>:1
throw new RangeError("in eval")
^

RangeError: in eval
    at eval (eval at f (/srv/app/eval.cjs:1:15), <anonymous>:1:7)
    at f (/srv/app/eval.cjs:1:15)
    at /srv/app/eval.cjs:2:56
    at Array.map (<anonymous>)
    at A.go (/srv/app/eval.cjs:2:48)
    at new A (/srv/app/eval.cjs:2:31)
    at Object.bar (/srv/app/eval.cjs:3:34)
    at Object.<anonymous> (/srv/app/eval.cjs:4:3)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript RangeError: in eval
        eval /srv/app/eval.cjs:1:15 (eval)
        f /srv/app/eval.cjs:1:15
        - /srv/app/eval.cjs:2:56
        Array.map (anonymous)
        A.go /srv/app/eval.cjs:2:48
        new A /srv/app/eval.cjs:2:31
        Object.bar /srv/app/eval.cjs:3:34
        Object.<anonymous> /srv/app/eval.cjs:4:3
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)"
    `)
  })

  test('an error with properties', () => {
    expect(
      told(
        parseStackTraces(`node:fs:573
  return binding.open(
                 ^

Error: ENOENT: no such file or directory, open '/nope/x.json'
    at Object.openSync (node:fs:573:18)
    at Object.readFileSync (node:fs:452:35)
    at Object.<anonymous> (/srv/app/enoent.cjs:1:15)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at node:internal/main/run_main_module:28:49 {
  errno: -2,
  code: 'ENOENT',
  syscall: 'open',
  path: '/nope/x.json'
}

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: ENOENT: no such file or directory, open '/nope/x.json'
        Object.openSync node:fs:573:18 (runtime)
        Object.readFileSync node:fs:452:35 (runtime)
        Object.<anonymous> /srv/app/enoent.cjs:1:15
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)"
    `)
  })

  test('async frames and file URLs', () => {
    expect(
      told(
        parseStackTraces(`file:///srv/app/async.mjs:1
async function deep(){ await null; const m = new Map(); return m.get('x').y }
                                                                         ^

TypeError: Cannot read properties of undefined (reading 'y')
    at deep (file:///srv/app/async.mjs:1:74)
    at async S.run (file:///srv/app/async.mjs:2:31)
    at async Promise.all (index 0)
    at async S.make (file:///srv/app/async.mjs:2:74)
    at async file:///srv/app/async.mjs:3:1

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: Cannot read properties of undefined (reading 'y')
        deep file:///srv/app/async.mjs:1:74
        async S.run file:///srv/app/async.mjs:2:31
        async Promise.all (anonymous)
        async S.make file:///srv/app/async.mjs:2:74
        async - file:///srv/app/async.mjs:3:1"
    `)
  })

  test('a rejection without an error', () => {
    expect(
      told(
        parseStackTraces(`node:internal/process/promises:389
      new UnhandledPromiseRejection(reason);
      ^

UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "#<Object>".
    at throwUnhandledRejectionsMode (node:internal/process/promises:389:7)
    at processPromiseRejections (node:internal/process/promises:470:17)
    at process.processTicksAndRejections (node:internal/process/task_queues:96:32) {
  code: 'ERR_UNHANDLED_REJECTION'
}

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "#<Object>".
        throwUnhandledRejectionsMode node:internal/process/promises:389:7 (runtime)
        processPromiseRejections node:internal/process/promises:470:17 (runtime)
        process.processTicksAndRejections node:internal/process/task_queues:96:32 (runtime)"
    `)
  })

  test('a message of several lines under a name of its own', () => {
    expect(
      told(
        parseStackTraces(`/srv/app/multi.cjs:2
throw new ValidationFailed('first line\\nsecond line: Error: no\\n  third')
^

ValidationFailed: first line
second line: Error: no
  third
    at Object.<anonymous> (/srv/app/multi.cjs:2:7)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at node:internal/main/run_main_module:28:49 {
  fields: [ 'a', 'b' ],
  detail: { x: { y: 1 } }
}

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript ValidationFailed: first line⏎second line: Error: no⏎  third
        Object.<anonymous> /srv/app/multi.cjs:2:7
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)"
    `)
  })

  test('a syntax error is where the banner says', () => {
    expect(
      told(
        parseStackTraces(`/srv/app/syntax.cjs:2
  return 1 }}
         ^

SyntaxError: Unexpected number
    at wrapSafe (node:internal/modules/cjs/loader:1464:18)
    at Module._compile (node:internal/modules/cjs/loader:1495:20)
    at node:internal/main/run_main_module:28:49

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript SyntaxError: Unexpected number
        - /srv/app/syntax.cjs:2
        wrapSafe node:internal/modules/cjs/loader:1464:18 (runtime)
        Module._compile node:internal/modules/cjs/loader:1495:20 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)"
    `)
  })

  test('causes of causes, members, errors inside of objects', () => {
    expect(
      told(
        parseStackTraces(`Error: top
    at Object.<anonymous> (/srv/app/nested.cjs:1:76)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    ... 4 lines matching cause stack trace ...
    at node:internal/main/run_main_module:28:49 {
  status: 500,
  [cause]: Error: mid
      at Object.<anonymous> (/srv/app/nested.cjs:1:40)
      at Module._compile (node:internal/modules/cjs/loader:1521:14)
      ... 4 lines matching cause stack trace ...
      at node:internal/main/run_main_module:28:49 {
    [cause]: TypeError: root
        at Object.<anonymous> (/srv/app/nested.cjs:1:9)
        at Module._compile (node:internal/modules/cjs/loader:1521:14)
        at node:internal/main/run_main_module:28:49
  }
}
AggregateError: several
    at Object.<anonymous> (/srv/app/nested.cjs:3:15)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at node:internal/main/run_main_module:28:49 {
  [errors]: [
    Error: x
        at Object.<anonymous> (/srv/app/nested.cjs:3:35)
        at Module._compile (node:internal/modules/cjs/loader:1521:14)
        at node:internal/main/run_main_module:28:49,
    Error: y
        at Object.<anonymous> (/srv/app/nested.cjs:3:51)
        at Module._compile (node:internal/modules/cjs/loader:1521:14)
        ... 4 lines matching cause stack trace ...
        at node:internal/main/run_main_module:28:49 {
      [cause]: TypeError: root
          at Object.<anonymous> (/srv/app/nested.cjs:1:9)
          at Module._compile (node:internal/modules/cjs/loader:1521:14)
          at node:internal/main/run_main_module:28:49
    }
  ]
}
{
  err: [Error: nostack],
  nested: {
    err: Error: in object
        at Object.<anonymous> (/srv/app/nested.cjs:4:84)
        at Module._compile (node:internal/modules/cjs/loader:1521:14)
        at node:internal/main/run_main_module:28:49
  }
}
Error: obj cause
    at Object.<anonymous> (/srv/app/nested.cjs:5:15)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at node:internal/main/run_main_module:28:49 {
  [cause]: { code: 1 }
}`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: top
        Object.<anonymous> /srv/app/nested.cjs:1:76
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)
        cause
          javascript Error: mid
            Object.<anonymous> /srv/app/nested.cjs:1:40
            Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
            - node:internal/main/run_main_module:28:49 (runtime)
            cause
              javascript TypeError: root
                Object.<anonymous> /srv/app/nested.cjs:1:9
                Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
                - node:internal/main/run_main_module:28:49 (runtime)
      javascript AggregateError: several
        Object.<anonymous> /srv/app/nested.cjs:3:15
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)
        member
          javascript Error: x
            Object.<anonymous> /srv/app/nested.cjs:3:35
            Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
            - node:internal/main/run_main_module:28:49 (runtime)
        member
          javascript Error: y
            Object.<anonymous> /srv/app/nested.cjs:3:51
            Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
            - node:internal/main/run_main_module:28:49 (runtime)
            cause
              javascript TypeError: root
                Object.<anonymous> /srv/app/nested.cjs:1:9
                Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
                - node:internal/main/run_main_module:28:49 (runtime)
      javascript Error: in object
        Object.<anonymous> /srv/app/nested.cjs:4:84
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)
      javascript Error: obj cause
        Object.<anonymous> /srv/app/nested.cjs:5:15
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)"
    `)
  })

  test('an assertion with a diff', () => {
    expect(
      told(
        parseStackTraces(`node:assert:90
  throw new AssertionError(obj);
  ^

AssertionError [ERR_ASSERTION]: Expected values to be strictly deep-equal:
+ actual - expected

  {
+   a: 1,
-   a: 2,
    b: [
      1,
+     2
-     3
    ]
  }
    at Object.<anonymous> (/srv/app/assert.cjs:1:19)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at node:internal/main/run_main_module:28:49 {
  generatedMessage: true,
  code: 'ERR_ASSERTION',
  actual: { a: 1, b: [ 1, 2 ] },
  expected: { a: 2, b: [ 1, 3 ] },
  operator: 'deepStrictEqual'
}

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript AssertionError: Expected values to be strictly deep-equal:⏎+ actual - expected⏎⏎  {⏎+   a: 1,⏎-   a: 2,⏎    b: [⏎      1,⏎+     2⏎-     3⏎    ]⏎  }
        Object.<anonymous> /srv/app/assert.cjs:1:19
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)"
    `)
  })

  test('a thrown text is no error', () => {
    expect(
      told(
        parseStackTraces(`/srv/app/str.cjs:1
throw 'just a string'
^
just a string
(Use \`node --trace-uncaught ...\` to show where the exception was thrown)

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`""`)
  })

  test('code given to node -e, and vm', () => {
    expect(
      told(
        parseStackTraces(`evalmachine.<anonymous>:1
x.y
^

ReferenceError: x is not defined
    at evalmachine.<anonymous>:1:1
    at Script.runInContext (node:vm:149:12)
    at Script.runInNewContext (node:vm:154:17)
    at Object.runInNewContext (node:vm:310:38)
    at [eval]:1:32
    at runScriptInThisContext (node:internal/vm:209:10)
    at node:internal/process/execution:118:14
    at [eval]-wrapper:6:24
    at runScript (node:internal/process/execution:101:62)
    at evalScript (node:internal/process/execution:133:3)
[eval]:1
const vm=require("vm"); try{vm.runInNewContext("x.y")}catch(e){console.log(e.stack)}; function q(){null.x}; q()
                                                                                                        ^

TypeError: Cannot read properties of null (reading 'x')
    at q ([eval]:1:105)
    at [eval]:1:109
    at runScriptInThisContext (node:internal/vm:209:10)
    at node:internal/process/execution:118:14
    at [eval]-wrapper:6:24
    at runScript (node:internal/process/execution:101:62)
    at evalScript (node:internal/process/execution:133:3)
    at node:internal/main/eval_string:51:3

Node.js v20.20.2`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript ReferenceError: x is not defined
        - evalmachine.<anonymous>:1:1 (eval)
        Script.runInContext node:vm:149:12 (runtime)
        Script.runInNewContext node:vm:154:17 (runtime)
        Object.runInNewContext node:vm:310:38 (runtime)
        - [eval]:1:32 (eval)
        runScriptInThisContext node:internal/vm:209:10 (runtime)
        - node:internal/process/execution:118:14 (runtime)
        - [eval]-wrapper:6:24 (eval)
        runScript node:internal/process/execution:101:62 (runtime)
        evalScript node:internal/process/execution:133:3 (runtime)
      javascript TypeError: Cannot read properties of null (reading 'x')
        q [eval]:1:105 (eval)
        - [eval]:1:109 (eval)
        runScriptInThisContext node:internal/vm:209:10 (runtime)
        - node:internal/process/execution:118:14 (runtime)
        - [eval]-wrapper:6:24 (eval)
        runScript node:internal/process/execution:101:62 (runtime)
        evalScript node:internal/process/execution:133:3 (runtime)
        - node:internal/main/eval_string:51:3 (runtime)"
    `)
  })

  test('a warning about a rejection', () => {
    expect(
      told(
        parseStackTraces(`(node:719) DeprecationWarning: old
(Use \`node --trace-deprecation ...\` to show where the warning was created)
(node:719) UnhandledPromiseRejectionWarning: Error: late
    at Object.<anonymous> (/srv/app/warn.cjs:1:66)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at node:internal/main/run_main_module:28:49
(node:719) UnhandledPromiseRejectionWarning: Unhandled promise rejection. This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). To terminate the node process on unhandled promise rejection, use the CLI flag \`--unhandled-rejections=strict\` (see https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). (rejection id: 1)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: late
        Object.<anonymous> /srv/app/warn.cjs:1:66
        Module._compile node:internal/modules/cjs/loader:1521:14 (runtime)
        - node:internal/main/run_main_module:28:49 (runtime)"
    `)
  })

  test('Windows paths with spaces and parentheses', () => {
    expect(
      told(
        parseStackTraces(`TypeError: x is not iterable
    at load (C:\\Program Files (x86)\\shop\\src\\load.js:12:5)
    at D:\\shop\\index.js:3:1
    at Object.<anonymous> (file:///C:/shop/main.mjs:1:1)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: x is not iterable
        load C:\\Program Files (x86)\\shop\\src\\load.js:12:5
        - D:\\shop\\index.js:3:1
        Object.<anonymous> file:///C:/shop/main.mjs:1:1"
    `)
  })

  test('aliases', () => {
    expect(
      told(
        parseStackTraces(`Error: no
    at Proxy.get [as price] (/srv/app/a.js:1:2)
    at Object.<anonymous> [as handler] (/srv/app/b.js:3:4)
    at Module._extensions..js [as .js] (/srv/app/c.js:5:6)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: no
        Proxy.get /srv/app/a.js:1:2
        Object.handler /srv/app/b.js:3:4
        Module._extensions..js /srv/app/c.js:5:6"
    `)
  })

  test('native, anonymous, wasm and pseudo frames', () => {
    expect(
      told(
        parseStackTraces(`RangeError: Invalid array length
    at Array.map (<anonymous>)
    at Array.forEach (native)
    at <anonymous>
    at async Promise.allSettled (index 3)
    at wasm://wasm/0001fe2a:wasm-function[17]:0x4e2
    at JSON.parse (<anonymous>)
    at run (/srv/app/run.js:9:9)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript RangeError: Invalid array length
        Array.map (anonymous)
        Array.forEach (native)
        - (anonymous)
        async Promise.allSettled (anonymous)
        - (native)
        JSON.parse (anonymous)
        run /srv/app/run.js:9:9"
    `)
  })

  test('dependencies, scoped and hoisted', () => {
    expect(
      told(
        parseStackTraces(`Error: no
    at f (/srv/app/node_modules/@scope/pkg/lib/f.js:1:2)
    at g (/srv/app/node_modules/.pnpm/x@1.0.0/node_modules/x/g.js:3:4)
    at h (/srv/app/src/h.js:5:6)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: no
        f /srv/app/node_modules/@scope/pkg/lib/f.js:1:2 (dependency)
        g /srv/app/node_modules/.pnpm/x@1.0.0/node_modules/x/g.js:3:4 (dependency)
        h /srv/app/src/h.js:5:6"
    `)
  })

  test('webpack, queries and https', () => {
    expect(
      told(
        parseStackTraces(`TypeError: e is undefined
    at render (webpack://shop/./src/cart.tsx?8f1a:10:3)
    at webpack-internal:///./src/app.js:5:1
    at t (https://shop.example/static/app.3fa2.js:1:23456)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: e is undefined
        render webpack://shop/./src/cart.tsx?8f1a:10:3
        - webpack-internal:///./src/app.js:5:1
        t https://shop.example/static/app.3fa2.js:1:23456"
    `)
  })

  test('nested eval', () => {
    expect(
      told(
        parseStackTraces(`ReferenceError: y is not defined
    at eval (eval at <anonymous> (eval at run (/srv/app/run.js:7:3)), <anonymous>:1:1)
    at run (/srv/app/run.js:7:3)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript ReferenceError: y is not defined
        eval /srv/app/run.js:7:3 (eval)
        run /srv/app/run.js:7:3"
    `)
  })

  test('a name with a code in brackets and an empty message', () => {
    expect(
      told(
        parseStackTraces(`TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string. Received undefined
    at f (/srv/app/f.js:1:2)
Error
    at g (/srv/app/g.js:1:2)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: The "path" argument must be of type string. Received undefined
        f /srv/app/f.js:1:2
      javascript Error
        g /srv/app/g.js:1:2"
    `)
  })

  test('in a browser console', () => {
    expect(
      told(
        parseStackTraces(`Uncaught (in promise) TypeError: Failed to fetch
    at load (app.js:10:3)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: Failed to fetch
        load app.js:10:3"
    `)
  })

  test('caused by, as libraries print it', () => {
    expect(
      told(
        parseStackTraces(`ServiceError: checkout failed
    at checkout (/srv/app/checkout.js:4:11)
Caused by: TypeError: Cannot read properties of null (reading 'id')
    at user (/srv/app/user.js:2:9)
Caused by: Error: root
    at root (/srv/app/root.js:1:1)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript ServiceError: checkout failed
        checkout /srv/app/checkout.js:4:11
        cause
          javascript TypeError: Cannot read properties of null (reading 'id')
            user /srv/app/user.js:2:9
            cause
              javascript Error: root
                root /srv/app/root.js:1:1"
    `)
  })

  test('jest', () => {
    expect(
      told(
        parseStackTraces(`  ● Cart › adds up

    TypeError: Cannot read properties of null (reading 'price')

      10 |   const sum = 0
    > 11 |   return item.price
         |               ^
      12 | }

      at total (src/cart.js:11:15)
      at Object.<anonymous> (src/cart.test.js:4:5)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: Cannot read properties of null (reading 'price')
        total src/cart.js:11:15
        Object.<anonymous> src/cart.test.js:4:5"
    `)
  })

  test('jest, a matcher', () => {
    expect(
      told(
        parseStackTraces(`    expect(received).toEqual(expected) // deep equality

    Expected: 3
    Received: 4

      at Object.<anonymous> (src/cart.test.js:4:5)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript AssertionError: expect(received).toEqual(expected) // deep equality⏎⏎    Expected: 3⏎    Received: 4
        Object.<anonymous> src/cart.test.js:4:5"
    `)
  })

  test('vitest', () => {
    expect(
      told(
        parseStackTraces(` FAIL  src/cart.test.ts > Cart > adds up
TypeError: Cannot read properties of undefined (reading 'price')
 ❯ total src/cart.ts:11:15
     11|   return item.price
       |               ^
 ❯ src/cart.test.ts:4:5`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: Cannot read properties of undefined (reading 'price')
        total src/cart.ts:11:15
        - src/cart.test.ts:4:5"
    `)
  })

  test('a message that looks like a frame is none, prose neither', () => {
    expect(
      told(
        parseStackTraces(`We met at 10:30 and again
at 11:00:12 in room 5:1
Error: at the end
    at f (/srv/app/f.js:1:2)
    at com.example.Main.run(Main.java:12)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: at the end
        f /srv/app/f.js:1:2"
    `)
  })

  test('an error whose cause is no error', () => {
    expect(
      told(
        parseStackTraces(`Error: outer
    at f (/srv/app/f.js:1:2) {
  [cause]: { code: 1, items: [ 1, 2 ] }
}
Error: next
    at g (/srv/app/g.js:1:2)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: outer
        f /srv/app/f.js:1:2
      javascript Error: next
        g /srv/app/g.js:1:2"
    `)
  })

  test('an aggregate whose members are in brackets', () => {
    expect(
      told(
        parseStackTraces(`AggregateError: all failed
    at f (/srv/app/f.js:1:2) {
  [errors]: [ [Error: one], [Error: two] ]
}`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript AggregateError: all failed
        f /srv/app/f.js:1:2"
    `)
  })

  test('braces that never close do not swallow what follows', () => {
    expect(
      told(
        parseStackTraces(`Error: open
    at f (/srv/app/f.js:1:2) {
  response: {
    status: 500,
GET /next 200
Error: after
    at g (/srv/app/g.js:1:2)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript Error: open
        f /srv/app/f.js:1:2
      javascript Error: after
        g /srv/app/g.js:1:2"
    `)
  })

  test('TAP: frames without at, name and message in fields', () => {
    expect(
      told(
        parseStackTraces(`not ok 1 - adds up
  ---
  duration_ms: 1.1
  error: |-
    Expected values to be strictly equal:

    12 !== undefined

  code: 'ERR_ASSERTION'
  name: 'AssertionError'
  stack: |-
    TestContext.<anonymous> (/srv/app/test/cart.js:89:12)
    Test.runInAsyncScope (node:async_hooks:206:9)
    async Suite.processPendingSubtests (node:internal/test_runner/test:526:7)
  ...`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript AssertionError: Expected values to be strictly equal:⏎⏎12 !== undefined
        TestContext.<anonymous> /srv/app/test/cart.js:89:12
        Test.runInAsyncScope node:async_hooks:206:9 (runtime)
        async Suite.processPendingSubtests node:internal/test_runner/test:526:7 (runtime)"
    `)
  })

  test('the words of the engine without a name', () => {
    expect(
      told(
        parseStackTraces(`  1) adds up:

      Cannot read properties of null (reading 'errors')

      at total (/srv/app/cart.js:20:20)`),
      ),
    ).toMatchInlineSnapshot(`
      "javascript TypeError: Cannot read properties of null (reading 'errors')
        total /srv/app/cart.js:20:20"
    `)
  })
})

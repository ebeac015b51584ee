import type { TestFailure } from '@fixpoint/core'

/** What a failure says about the kind of defect: decides which fix patterns come first. */
export type FaultKind = 'null' | 'missing-key' | 'range' | 'not-callable' | 'undefined-name' | 'promise' | 'type' | 'value'

export interface Fault {
  readonly kind: FaultKind
  /** The property or name that the message complains about: `price` in "reading 'price'". */
  readonly subject: string | undefined
}

interface Rule {
  readonly kind: FaultKind
  readonly pattern: RegExp
}

/** First match wins. Messages are those of V8 and CPython, with the error's type in front; group 1 is the subject. */
const RULES: readonly Rule[] = [
  { kind: 'promise', pattern: /\[object Promise\]|Promise \{|coroutine '?[\w.<>]*'? ?|was never awaited|unsettled|can't be used in 'await'/ },
  { kind: 'null', pattern: /Cannot (?:read|set) propert(?:y|ies) of (?:undefined|null) \((?:reading|setting) '([^']{1,80})'\)/ },
  { kind: 'null', pattern: /Cannot destructure property '([^']{1,80})'/ },
  { kind: 'null', pattern: /'NoneType' object has no attribute '([^']{1,80})'/ },
  { kind: 'null', pattern: /'NoneType' object|of undefined|of null|undefined is not|null is not|undefined or null|\(intermediate value\) is undefined/ },
  { kind: 'null', pattern: /([\w$.]{1,80}) is not iterable/ },
  { kind: 'missing-key', pattern: /KeyError[: ]+'?([^'\n]{0,80})/ },
  { kind: 'range', pattern: /IndexError|RangeError|out of range|Maximum call stack|RecursionError|Invalid array length|StopIteration/ },
  { kind: 'not-callable', pattern: /(?:[\w$]{1,80}\.)*([\w$]{1,80}) is not a (?:function|constructor)/ },
  { kind: 'not-callable', pattern: /object has no attribute '([^']{1,80})'|object is not callable/ },
  { kind: 'undefined-name', pattern: /ReferenceError[: ]+([\w$]{1,80}) is not defined|name '([^']{1,80})' is not defined/ },
  { kind: 'undefined-name', pattern: /(?:ReferenceError|UnboundLocalError)[^\n]{0,40}'([^']{1,80})'/ },
  { kind: 'type', pattern: /TypeError|ValueError|ZeroDivisionError|SyntaxError|BigInt/ },
]

export function faultOf(failure: TestFailure): Fault {
  const said = `${failure.errorType ?? ''}: ${failure.message.slice(0, 2000)}`
  for (const { kind, pattern } of RULES) {
    const match = pattern.exec(said)
    if (match !== null) return { kind, subject: match[1] ?? match[2] }
  }
  return { kind: 'value', subject: undefined }
}

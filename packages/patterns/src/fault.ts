import type { TestFailure } from '@fixpoint/core'

/** What a failure says about the kind of defect: decides which fix patterns come first. */
export type FaultKind = 'null' | 'missing-key' | 'range' | 'not-callable' | 'undefined-name' | 'promise' | 'type' | 'value'

export interface Fault {
  readonly kind: FaultKind
  /** The property or name that the message complains about: `price` in "reading 'price'". */
  readonly subject: string | undefined
  /** How near what came out is to what was wanted: a count that is one off, the other truth value, a number's text for the number. */
  readonly near?: 'one-off' | 'other-truth' | 'number-as-text' | undefined
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
  return { kind: 'value', subject: undefined, near: nearness(failure.message.slice(0, 600)) }
}

/** Reads the two sides of an assertion as the common libraries print them: `1 !== 2`, `expected 1 to be 2`, `Expected: 2 Received: 1`, `assert 1 == 2`. */
function nearness(message: string): Fault['near'] {
  const value = /(?<value>-?\d+(?:\.\d+)?|true|false|True|False|'-?\d+(?:\.\d+)?'|"-?\d+(?:\.\d+)?")/.source.replace('?<value>', '')
  const between = String.raw`\s*(?:!==?|===?|to (?:strictly |deeply )?(?:be|equal|eql)(?: to)?|(?:\S* )?Received:|does not equal|\n\s*[-+])\s*`
  const sides = new RegExp(`${value}${between}${value}`).exec(message) ?? new RegExp(String.raw`^\s*\+\s*${value}\s*\n\s*-\s*${value}`, 'm').exec(message)
  const [, one, other] = sides ?? []
  if (one === undefined || other === undefined) return undefined
  if (/^(true|false)$/i.test(one) && /^(true|false)$/i.test(other)) return 'other-truth'
  const bare = (text: string) => Number(text.replace(/^['"]|['"]$/g, ''))
  if (/^['"]/.test(one) !== /^['"]/.test(other)) return bare(one) === bare(other) ? 'number-as-text' : undefined
  return Math.abs(bare(one) - bare(other)) === 1 ? 'one-off' : undefined
}

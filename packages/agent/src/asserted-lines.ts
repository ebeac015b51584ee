/** Says what a value should be. Whether something throws is no value. */
const STATES_A_VALUE =
  /^(?!\s*(?:\/\/|#|\*)|.*\b(?:import|require)\b).*(?:\bassert(?:[A-Z]\w*|\.(?!doesNotThrow|doesNotReject|ifError)\w+)?(?:\(|\s+\S)|\bexpect\((?!.*\.not\.toThrow)|\.should\.|\bpytest\.raises\b)/m
const HELPER =
  /^\s*(?:(?:async\s+)?function\s*\*?\s*([\w$]+)\s*\(|(?:const|let|var)\s+([\w$]+)\s*=\s*(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)|(?:async\s+)?def\s+(\w+)\s*\()/

/** The code says what some value should be, in the words of an assertion library. */
export function statesAValue(content: string, assertions = importedAssertions(content)): boolean {
  return STATES_A_VALUE.test(content) || assertions.some((name) => calls(content, name))
}

/** Lines of a test that say what a value should be, and that none of the given assertions of it holds or calls. */
export function unfoundedLines(content: string, asserted: readonly string[]): readonly string[] {
  const assertions = importedAssertions(content)
  return content.split('\n').filter((line, at, lines) => statesAValue(line, assertions) && !isFounded(line, helperAround(lines, at), asserted))
}

/** Code without what only lays it out. */
export function spaced(code: string): string {
  return code.replace(/\s+/g, ' ').trim().replace(/[;,]$/, '')
}

/** Functions of an assertion library by their names here: `import { equal as same } from 'node:assert'`, `const { deepEqual } = require('assert')`. */
function importedAssertions(content: string): string[] {
  const lists = [...content.matchAll(/\{([^{}]*)\}\s*(?:from\s*|=\s*require\(\s*)(['"`])(?:node:)?(?:assert(?:\/strict)?|chai|power-assert)\2/g)]
  return lists
    .flatMap(([, names = '']) => names.split(','))
    .flatMap((name) => {
      const [, exported = '', local = exported] = /^\s*([\w$]+)\s*(?:(?::|\bas\b)\s*([\w$]+))?\s*$/.exec(name) ?? []
      return exported === '' || /^(?:strict|default|doesNot(?:Throw|Reject)|ifError|expect|should|assert|AssertionError|use)$/.test(exported) ? [] : [local]
    })
}

/** A quoted assertion holds the line, or calls the function of the test file that does. */
function isFounded(line: string, helper: string | undefined, asserted: readonly string[]): boolean {
  return asserted.some((assertion) => isPartOf(line, assertion) || (helper !== undefined && calls(assertion, helper)))
}

function calls(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\(`).test(code)
}

/** The function with a name that a line stands in: the nearest one above it that is indented less. */
function helperAround(lines: readonly string[], at: number): string | undefined {
  const depth = (line: string) => line.length - line.trimStart().length
  const own = depth(lines[at] ?? '')
  const head = lines.slice(0, at).findLast((line) => depth(line) < own && HELPER.test(line))
  const [, first, second, third] = HELPER.exec(head ?? '') ?? []
  return first ?? second ?? third
}

/** A part of an assertion of several lines, or a line that holds one. */
function isPartOf(line: string, assertion: string): boolean {
  const [part, whole] = [spaced(line), spaced(assertion)]
  return whole.includes(part) || part.includes(whole)
}

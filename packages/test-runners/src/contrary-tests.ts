import type { Project, TestFile, TestResult } from '@fixpoint/core'
import type { Canaries } from './canaries.ts'
import { closing, split, type Token, tokensOf } from './test-tokens.ts'

/** Calls that compare two arguments. */
const COMPARE_TWO = /^(?:equals?|strictEqual|deepEqual|deepStrictEqual|eql?|same|is|assert(?:Equals?|ListEqual|DictEqual|TupleEqual|Is))$/
/** Calls that compare what went before with one argument. */
const COMPARE_ONE = /^(?:toBe|toEqual|toStrictEqual|toHaveLength|equals?|eql|deep)$/
/** Calls without arguments that say one thing. */
const COMPARE_NONE = /^(?:toBeNull|toBeUndefined|toBeTruthy|toBeFalsy|toBeNaN|toBeDefined)$/
const CONTRARY = '"the contrary"'

interface Change {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The same tests, wanting something else: each expected value is changed for another of its kind, in the same file under the same
 * name, and a test that fails by itself is added at the end. What is right fails them. What makes tests pass (silenced
 * assertions, objects that equal anything, answers read from the test file, a rewritten report) passes them and is found out.
 * Only tests in whose text an expected value was found are in `mustFail`.
 */
export function contraryTests(
  project: Project,
  tests: readonly Pick<TestResult, 'id' | 'file' | 'path'>[],
  textOf: (file: string) => string | undefined,
  nonce: string,
  parses: (file: string, text: string) => boolean,
): Canaries {
  if (project.runner === 'command') return { files: [], mustFail: [], apart: false }
  const files: TestFile[] = []
  const mustFail: string[] = []
  for (const file of new Set(tests.map((test) => test.file))) {
    const text = textOf(file)
    if (text === undefined) continue
    const python = project.toolchain === 'python'
    const name = python ? `test_c${nonce.slice(0, 12)}` : `c${nonce.slice(0, 12)}`
    const added = `${text}\n${ownFailure(project, text, name)}`
    const changes = changesIn(tokensOf(text, python), python)
    const content = changes.length === 0 ? undefined : `${changed(text, changes)}\n${ownFailure(project, text, name)}`
    if (content !== undefined && parses(file, content)) {
      files.push({ path: file, content })
      for (const test of tests) if (test.file === file && changes.some((change) => covers(text, test, change, python))) mustFail.push(test.id)
    } else if (parses(file, added)) files.push({ path: file, content: added })
    else continue
    mustFail.push(`${file} > ${name}`)
  }
  return { files, mustFail, apart: false }
}

/** A test that fails in the file it is added to, with names of its own. */
function ownFailure(project: Project, text: string, name: string): string {
  if (project.toolchain === 'python') return `\n\ndef ${name}():\n    assert [1, "${name}"] == [2, "${name}"]\n`
  const esm = /^\s*(?:import\s[^(]|export\s)/m.test(text)
  const body = (assert: string) => `() => { ${assert}.deepStrictEqual({ at: [1, '${name}'] }, { at: [2, '${name}'] }) }`
  switch (project.runner) {
    case 'node:test':
      return esm
        ? `import { test as ${name}t } from 'node:test'\nimport ${name}a from 'node:assert'\n${name}t('${name}', ${body(`${name}a`)})\n`
        : `;require('node:test').test('${name}', ${body("require('node:assert')")})\n`
    case 'vitest':
      return `\nimport { expect as ${name}e, test as ${name}t } from 'vitest'\n${name}t('${name}', () => { ${name}e([1, '${name}']).toEqual([2, '${name}']) })\n`
    case 'jest':
      return `\n;globalThis.it('${name}', () => { globalThis.expect([1, '${name}']).toEqual([2, '${name}']) })\n`
    default:
      return `\n;(globalThis.it || globalThis.test)('${name}', function () { throw new Error('${name}') })\n`
  }
}

function changesIn(tokens: readonly Token[], python: boolean): Change[] {
  const changes: Change[] = []
  tokens.forEach((token, index) => {
    if (token.kind !== 'word') return
    if (python && token.text === 'assert') changes.push(...pythonAssertion(tokens, index))
    const open = tokens[index + 1]
    if (tokens[index - 1]?.text !== '.' || open?.text !== '(' || negated(tokens, index)) return
    const end = closing(tokens, index + 1)
    if (end === undefined) return
    const inside = tokens.slice(index + 2, end)
    const args = split(inside, (each) => each.text === ',').filter((each) => each.length > 0)
    if (args.length === 0 && COMPARE_NONE.test(token.text)) changes.push({ start: token.start, end: open.end, text: `toBe(${CONTRARY}` })
    else if (args.length >= 2 && COMPARE_TWO.test(token.text)) changes.push(...contrary(expectedOf(args[0] ?? [], args[1] ?? [])))
    else if (args.length === 1 && COMPARE_ONE.test(token.text)) changes.push(...contrary(args[0] ?? []))
  })
  return withoutOverlap(changes)
}

/** `assert X == Y`, up to the message or the next `and`. */
function pythonAssertion(tokens: readonly Token[], at: number): Change[] {
  const rest = tokens.slice(at + 1, at + 400)
  let depth = 0
  const found = rest.findIndex((token) => {
    if (/^[([{]$/.test(token.text)) depth += 1
    if (/^[)\]}]$/.test(token.text)) depth -= 1
    return depth === 0 && token.text === '=='
  })
  if (found < 0 || rest.slice(0, found).some((token) => /^(?:def|assert|and|or|not|if|for|return)$/.test(token.text))) return []
  const right = expressionAt(rest, found + 1)
  return contrary(expectedOf(rest.slice(0, found), right))
}

/** One operand: a literal, or a word or bracket with what hangs on it. */
function expressionAt(tokens: readonly Token[], from: number): Token[] {
  let at = tokens[from]?.text === '-' ? from + 1 : from
  if (/^[([{]$/.test(tokens[at]?.text ?? '')) at = closing(tokens, at) ?? at
  while (tokens[at + 1]?.text === '.' || ((tokens[at + 1]?.text === '(' || tokens[at + 1]?.text === '[') && tokens[at + 1]?.start === tokens[at]?.end))
    at = tokens[at + 1]?.text === '.' ? at + 2 : (closing(tokens, at + 1) ?? tokens.length)
  return tokens.slice(from, at + 1)
}

/** Which of two compared values the test wants: the one that is written out; by habit the second. */
function expectedOf(first: readonly Token[], second: readonly Token[]): readonly Token[] {
  return !isLiteral(second) && isLiteral(first) ? first : second
}

const CONSTANT_WORDS = /^(?:true|false|null|undefined|NaN|Infinity|True|False|None)$/

function isLiteral(tokens: readonly Token[]): boolean {
  return tokens.every(
    ({ kind, text }, index) =>
      kind === 'string' ||
      kind === 'number' ||
      (kind === 'mark' && /^[[\]{},:\-+]$/.test(text)) ||
      (kind === 'word' && (CONSTANT_WORDS.test(text) || tokens[index + 1]?.text === ':')),
  )
}

/** Another value of the same kind; what is computed gives way to a word that nothing equals. */
function contrary(expected: readonly Token[]): Change[] {
  const [first] = expected
  const last = expected.at(-1)
  if (first === undefined || last === undefined) return []
  const whole = [{ start: first.start, end: last.end, text: CONTRARY }]
  if (!isLiteral(expected)) return whole
  const changes = expected.flatMap((token, index): Change[] => {
    const text = expected[index + 1]?.text === ':' ? token.text : otherLiteral(token)
    return text === token.text ? [] : [{ start: token.start, end: token.end, text }]
  })
  return changes.length > 0 ? changes : whole
}

function otherLiteral({ kind, text }: Token): string {
  if (kind === 'number') return otherNumber(text)
  if (kind === 'string') return otherString(text)
  return { true: 'false', false: 'true', True: 'False', False: 'True' }[text] ?? text
}

/** A number of the same shape. */
function otherNumber(text: string): string {
  if (/^0[xob]/i.test(text)) return '3'
  if (/^[0.]+n?$/.test(text)) return text.replace('0', '3')
  return text.replace(/[1-9]/, (digit) => (digit === '9' ? '8' : String(Number(digit) + 1)))
}

/** A text of the same length, where there is a letter or digit to change. */
function otherString(text: string): string {
  const at = [...text].findIndex((char, index, all) => index > 0 && /[A-Za-z0-9]/.test(char) && all[index - 1] !== '\\')
  if (at < 0) return CONTRARY
  const chars = [...text]
  chars[at] = /\d/.test(chars[at] ?? '') ? String((Number(chars[at]) + 1) % 10) : chars[at] === 'q' ? 'k' : 'q'
  return chars.join('')
}

function negated(tokens: readonly Token[], index: number): boolean {
  return tokens
    .slice(Math.max(0, index - 6), index)
    .some((token, at, near) => token.text === 'not' && near.slice(at).every((each) => each.text !== ';' && each.text !== ')'))
}

/** Whether a change lies between a test's name and the next test. */
function covers(text: string, test: Pick<TestResult, 'path'>, change: Change, python: boolean): boolean {
  const name = (test.path.at(-1) ?? '').replace(/\[.*$/s, '')
  const begin = python ? text.indexOf(`def ${name}(`) : nameAt(text, name)
  if (begin < 0) return false
  const next = /\n\s*(?:async )?def /g
  const following = python ? next : /\b(?:test|it|specify)(?:\.\w+)*\s*\(/g
  following.lastIndex = begin + name.length + 1
  const end = following.exec(text)?.index ?? text.length
  return change.start > begin && change.end <= end
}

function nameAt(text: string, name: string): number {
  return Math.max(...["'", '"', '`'].map((quote) => text.indexOf(`${quote}${name}${quote}`)))
}

function withoutOverlap(changes: readonly Change[]): Change[] {
  const sorted = [...changes].sort((a, b) => a.start - b.start || b.end - a.end)
  let end = -1
  return sorted.filter((change) => {
    if (change.start < end) return false
    end = change.end
    return true
  })
}

function changed(text: string, changes: readonly Change[]): string {
  return changes.reduceRight((all, change) => all.slice(0, change.start) + change.text + all.slice(change.end), text)
}

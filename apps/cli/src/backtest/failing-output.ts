import type { TestResult } from '@fixpoint/core'

/** As many as a person would paste. */
const MOST_TESTS = 3
const MOST_MESSAGE_LINES = 20
const MOST_FRAMES = 20

/** Of the runner and of libraries: nobody looks there, and a run finds nothing of them in its tree. */
const FOREIGN = /node_modules\/|site-packages\/|node:internal\//
const FRAME = /^\s+at |^\s*File ".*", line \d+|^[\w./-]+\.py:\d+: /
/** Quotes of source, as jest, vitest and pytest print them: they would show the hidden test. */
const QUOTE = /^\s*(?:>?\s*\d+\s*\||\|\s*\^|>\s|E\s)/

/** What failing tests print, without any line of their source. */
export function failingOutput(failing: readonly TestResult[]): string {
  return failing
    .slice(0, MOST_TESTS)
    .map(({ path, id, failure }) => {
      const message = (failure?.message ?? 'failed without a message').split('\n').filter((line) => !QUOTE.test(line))
      const [first = '', ...rest] = message
      const typed = failure?.errorType !== undefined && !first.startsWith(failure.errorType) ? `${failure.errorType}: ${first}` : first
      const frames = (failure?.stack ?? '').split('\n').filter((line) => FRAME.test(line) && !FOREIGN.test(line))
      return [`FAIL ${path.join(' ') || id}`, typed, ...rest.slice(0, MOST_MESSAGE_LINES), ...innermost(frames)].join('\n')
    })
    .join('\n\n')
}

/** Python tells the innermost last. */
function innermost(frames: readonly string[]): readonly string[] {
  return frames[0]?.trimStart().startsWith('at ') ? frames.slice(0, MOST_FRAMES) : frames.slice(-MOST_FRAMES)
}

/** A test that throws of itself says what should be; everything else is a crash. */
export function kindOfFailure(failing: readonly TestResult[]): 'crash' | 'wrong result' {
  const asserts = ({ failure }: TestResult) => /assert/i.test(failure?.errorType ?? '') || /^(?:expected|assert)\b|^expect\(/i.test(failure?.message ?? '')
  return failing.some((test) => test.failure !== undefined && !asserts(test)) ? 'crash' : 'wrong result'
}

const MISSING =
  /is not a function|is not defined|is not a constructor|does not provide an export|has no attribute|cannot import name|unexpected keyword argument/

/** All that the tests say is that something was not there yet: a feature fails like that. */
export function missesNames(failing: readonly TestResult[]): boolean {
  return failing.every(({ failure }) => MISSING.test(failure?.message ?? ''))
}

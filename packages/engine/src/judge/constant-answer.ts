import type { BehaviourDifference } from '@fixpoint/core'

/** Fewer calls than this may agree by chance. */
const CALLS = 5
/** `0`, `1`, an empty value or a word is what a guard may well give for everything that is broken; `767` is not. */
const TELLING = /^(?:returns|resolves(?: to)?) (?:-?(?!0*[01]\b)\d+(?:\.\d+)?n?|(['"`]).*\d.*\1)$/

/**
 * The one answer that a patch gives to all the different calls that failed before, when it is the very answer that a test
 * wants: it is written down in the patch, in whatever disguise, and not worked out.
 */
export function constantAnswer(differences: readonly BehaviourDifference[], testTexts: readonly string[]): string | undefined {
  const cured = differences.filter((difference) => /^(?:throws|rejects)\b/.test(difference.before))
  const calls = new Set(cured.map((difference) => difference.call))
  const [answer, ...others] = new Set(cured.map((difference) => difference.after).filter((after) => !/^(?:throws|rejects)\b/.test(after)))
  if (answer === undefined || others.length > 0 || calls.size < CALLS || !TELLING.test(answer)) return undefined
  const value = answer.replace(/^\w+(?: to)? ['"`]?/, '').replace(/['"`]$/, '')
  return testTexts.some((text) => text.includes(value))
    ? `${calls.size} different calls that failed are all answered with ${value}, which is what the test wants of one`
    : undefined
}

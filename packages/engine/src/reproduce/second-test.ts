import type { Expectation, Reproduction, SecondTest } from '@fixpoint/core'

/** Both tests: a patch has to pass each of them. */
export function withSecond(first: Reproduction, { tests, files, failure, because, expectations }: Reproduction): Reproduction {
  const second = { tests, failure, because, ...(expectations && { expectations }) }
  return { ...first, tests: [...first.tests, ...tests], files: [...first.files, ...files], second }
}

/** Of both tests the second alone. */
export function secondOf(both: Reproduction): Reproduction | undefined {
  const second = secondTestOf(both)
  if (second === undefined) return undefined
  const { expectations: _, second: __, ...rest } = both
  return { ...rest, ...second, files: both.files.filter(({ path }) => second.tests.some(({ file }) => file === path)) }
}

export function secondTestOf({ second }: Reproduction): SecondTest | undefined {
  return second !== undefined && 'tests' in second ? second : undefined
}

/** What each of the two tests expects, for a person who has to say which of them is meant. */
export function readingsOf(both: Reproduction): readonly string[] {
  const second = secondTestOf(both)
  if (second === undefined) return []
  const theirs = new Set(second.tests.map(({ id }) => id))
  const first = both.tests.filter(({ id }) => !theirs.has(id))
  return [readingOf('first', first, both.expectations), readingOf('second', second.tests, second.expectations)]
}

function readingOf(which: string, tests: Reproduction['tests'], expectations: readonly Expectation[] = []): string {
  const asserted = expectations.flatMap(({ quote, assertion }) => (assertion === undefined ? [] : [`${assertion} ("${quote}")`]))
  return `the ${which} test, ${tests.map(({ id }) => id).join(', ')}, expects: ${asserted.length === 0 ? 'that the error does not happen' : asserted.join('; ')}`
}

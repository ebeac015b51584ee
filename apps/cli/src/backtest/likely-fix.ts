import type { CommitSummary } from '@fixpoint/core'

const FIX_WORDS = /\b(?:fix(?:e[sd]|ing)?|bug(?:s|fix)?|hotfix|regression|crash(?:e[sd])?|broken|incorrect(?:ly)?|wrong(?:ly)?|prevents?|avoids?|handles?)\b/i
/** A small change of source with a test may be a fix, whatever its message says; not with one of these. */
const OTHER_WORDS =
  /^(?:[\w./-]+(?:\([^)]*\))?!?:\s*)?(?:feat|docs?|chore|refactor|style|perf|build|ci|release|revert|merge|bump|add(?:s|ed)?|implement|introduce|support)\b/i

const SOURCE = /\.(?:[cm]?[jt]sx?|py)$/
const TEST_FOLDER = /(?:^|\/)(?:tests?|specs?|__tests__|__snapshots__|__mocks__|__fixtures__|fixtures?|testdata|tap-snapshots)\//
const TEST_FILE = /(?:^|\/)(?:test_[^/]+\.py|[^/]+_test\.py|conftest\.py|tests?\.[cm]?[jt]sx?|[^/]+[._-](?:test|spec)s?\.[cm]?[jt]sx?|[^/]+\.snap)$/

/** Beyond this a change is seldom one fix. */
const MOST_SOURCES = 4
const MOST_SOURCES_UNSAID = 2

/** Belongs to tests: hidden from the run, and laid over what it proposes. */
export function isTestSide(path: string): boolean {
  return TEST_FOLDER.test(path) || TEST_FILE.test(path)
}

export function saysFix(subject: string): boolean {
  return FIX_WORDS.test(subject)
}

/** Why a commit is no bug fix with a test, by its message and its paths; undefined when it looks like one. */
export function whyNoFix({ subject, paths }: Pick<CommitSummary, 'subject' | 'paths'>): string | undefined {
  if (paths.length === 0) return 'a merge, or nothing changed'
  const tests = paths.filter((path) => isTestSide(path) && SOURCE.test(path))
  const sources = paths.filter((path) => !isTestSide(path) && SOURCE.test(path))
  if (sources.length === 0) return 'no source changed'
  if (tests.length === 0) return 'no test changed with it'
  const saysSo = saysFix(subject)
  if (!saysSo && OTHER_WORDS.test(subject)) return 'its message says that it is no fix'
  if (sources.length > (saysSo ? MOST_SOURCES : MOST_SOURCES_UNSAID)) return 'too many source files for one fix'
  return undefined
}

import type { BugReport, CodeSearch, CommitSummary, Dossier, MappedFrame, Reproduction, TextMatch } from '@fixpoint/core'
import type { FileSyntax } from './callees.ts'
import { scoredFiles } from './file-lanes.ts'
import type { IgnoreGate } from './ignore-gate.ts'
import { pack } from './packing.ts'
import { type Query, queryOf, wordsOf } from './query.ts'
import { relatedTests } from './related-tests.ts'
import { type Execution, suspectsOf } from './suspects.ts'

export interface DossierRequest {
  readonly report: BugReport
  /** Frames of the report, or of the failure that reproduces it, found in the repository; innermost first. */
  readonly frames: readonly MappedFrame[]
  readonly reproduction?: Reproduction
  readonly executed?: Execution
  readonly testFiles: readonly string[]
  /** The only way to the tree. */
  readonly ignore: IgnoreGate
  /** Tokens of all excerpts together; 8000 by default. */
  readonly budget?: number
}

export interface DossierTools {
  readonly search: CodeSearch
  readonly syntax: FileSyntax
  /** Commits before the base, newest first. */
  readonly history?: readonly CommitSummary[]
}

const BUDGET = 8000
const MATCHES_PER_NAME = 60
const SIMILAR_COMMITS = 5

/** What there is to know about a report before anything is drafted, with the reasons. The same input gives the same dossier. */
export async function gatherDossier(request: DossierRequest, tools: DossierTools): Promise<Dossier> {
  const { report, ignore } = request
  const query = queryOf(report)
  const has = (path: string) => ignore.admits(path)
  const text = (path: string) => ignore.text(path)
  const frames = request.frames.filter(({ path }) => has(path))
  const matches = await namedMatches(query, request, tools)
  const history = admittedCommits(tools.history ?? [], ignore)
  const files = scoredFiles({ paths: ignore.paths(), query, frames, matches, history })
  const suspects = suspectsOf({ files, frames, matches, query, execution: request.executed, text, has, syntax: tools.syntax })
  const tests = relatedTests({
    testFiles: request.testFiles.filter(has),
    suspects,
    checks: report.checks,
    reproduced: request.reproduction?.tests.map(({ file }) => file) ?? [],
    text,
    has,
    syntax: tools.syntax,
  })
  const callers = await callersOf(suspects[0], request, tools)
  const packed = pack({ suspects, tests, callers, text, has, syntax: tools.syntax, budget: request.budget ?? BUDGET })
  return {
    suspects,
    excerpts: packed.excerpts,
    relatedTests: tests,
    history: similar(history, query),
    excluded: ignore.excluded(),
    tokens: packed.tokens,
  }
}

/** One search a name, so that a common name cannot crowd out a rare one. */
async function namedMatches(query: Query, { ignore }: DossierRequest, { search }: DossierTools): Promise<(TextMatch & { name: string })[]> {
  const found: (TextMatch & { name: string })[] = []
  for (const { name } of query.identifiers) {
    const matches = await search.search([name], MATCHES_PER_NAME)
    for (const match of matches) if (ignore.admits(match.path)) found.push({ ...match, name })
  }
  return found
}

/** Lines that call the first suspect. */
async function callersOf(suspect: Dossier['suspects'][number] | undefined, { ignore }: DossierRequest, { search }: DossierTools): Promise<TextMatch[]> {
  const name = suspect?.function?.slice(suspect.function.lastIndexOf('.') + 1) ?? ''
  if (!suspect || name.length < 3) return []
  const matches = await search.search([`${name}(`], MATCHES_PER_NAME)
  const outside = (match: TextMatch) => match.path !== suspect.path || match.line < suspect.lines[0] || match.line > suspect.lines[1]
  return matches.filter((match) => ignore.admits(match.path) && outside(match))
}

/** A commit is told only by what it did to files that may be known. */
function admittedCommits(history: readonly CommitSummary[], ignore: IgnoreGate): CommitSummary[] {
  return history.flatMap((commit) => {
    const paths = commit.paths.filter((path) => ignore.admits(path))
    return paths.length > 0 ? [{ ...commit, paths }] : []
  })
}

function similar(history: readonly CommitSummary[], query: Query): Dossier['history'] {
  return history
    .map((commit, age) => ({ commit, age, shared: [...wordsOf(commit.subject)].filter((word) => query.words.has(word)).length }))
    .filter(({ shared }) => shared >= 2)
    .sort((a, b) => b.shared - a.shared || a.age - b.age)
    .slice(0, SIMILAR_COMMITS)
    .map(({ commit }) => ({ commit: commit.commit, subject: commit.subject }))
}

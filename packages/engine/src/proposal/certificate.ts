import {
  type Baseline,
  type BugReport,
  type Certificate,
  costByLane,
  type Hash,
  inert,
  type PatchOrigin,
  type RejectedPatch,
  type Reproduction,
  type Review,
  type RunId,
  type RunIn,
  reveal,
  type SourceSnapshot,
  type Strength,
} from '@fixpoint/core'
import type { Judgement } from '../records.ts'
import { secondTestOf } from '../reproduce/second-test.ts'
import type { RunMaterial } from '../steps/run-material.ts'

export interface CertificateFacts {
  readonly runId: RunId
  readonly at: string
  readonly run: RunIn<'judged'>
  readonly report: BugReport
  readonly material: RunMaterial
  readonly reproduction: Reproduction
  readonly baseline: Baseline
  readonly chosen: Judgement
  readonly review: Review | undefined
  readonly strength: Strength
  readonly all: readonly Judgement[]
  readonly hash: Hash
}

/** The evidence as one value: everything that `verify` needs besides the repository. */
export function certificateOf(facts: CertificateFacts): Certificate {
  const { run, report, material, chosen } = facts
  const first = report.traces[0]
  return {
    schema: 'https://fixpoint.dev/schema/certificate-1.json',
    version: 1,
    runId: facts.runId,
    issuedAt: facts.at,
    report: {
      title: shapeOf(reveal(report.title), material.source),
      ...(first?.errorType ? { errorType: first.errorType } : {}),
      ...(first?.message ? { message: shapeOf(first.message, material.source) } : {}),
      groupKey: report.groupKey,
    },
    strength: facts.strength,
    base: { commit: material.source.commit, tree: material.source.tree },
    patch: { diff: chosen.candidate.patch.diff, origin: withoutValues(chosen.candidate.origin, material.source) },
    project: material.workspace.project,
    environment: { recipe: material.workspace.recipe, ...chosen.environment },
    policy: run.policy,
    reproduction: withoutTheirWords(facts.reproduction, material.source),
    baseline: facts.baseline,
    protectedFiles: protectedHashes(material.source, material.workspace.project.protectedFiles, facts.hash),
    verdict: chosen.verdict,
    ...(facts.review && { review: { ...facts.review, ...quoting(facts.review.expectations, material.source) } }),
    rejected: facts.all.flatMap(rejectedPatch),
    asked: [...costByLane(run.answered)],
  }
}

/** SHA-256 of each protected file as it is on the base. */
export function protectedHashes(source: SourceSnapshot, paths: readonly string[], hash: Hash): Record<string, string> {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const bytes = source.read(path)
      return bytes ? [[path, hash(bytes)]] : []
    }),
  )
}

function rejectedPatch(judgement: Judgement): RejectedPatch[] {
  const gate = judgement.verdict.gates.find((each) => each.status === 'failed')
  return gate
    ? [
        {
          summary: judgement.candidate.origin.summary,
          diff: judgement.lesson?.diff ?? '',
          gate: gate.gate,
          why: [gate.summary, ...gate.findings.slice(0, 2)].join('\n'),
        },
      ]
    : []
}

function withoutTheirWords(reproduction: Reproduction, source: SourceSnapshot): Reproduction {
  const second = secondTestOf(reproduction)
  const quoted = { ...reproduction, ...quoting(reproduction.expectations, source) }
  return second === undefined ? quoted : { ...quoted, second: { ...second, ...quoting(second.expectations, source) } }
}

/** Sentences of the report, without the values in them. */
function quoting<E extends { readonly quote: string }>(expectations: readonly E[] | undefined, source: SourceSnapshot) {
  return expectations === undefined ? undefined : { expectations: expectations.map((each) => ({ ...each, quote: shapeOf(each.quote, source) })) }
}

function withoutValues(origin: PatchOrigin, source: SourceSnapshot): PatchOrigin {
  const { contradicts } = origin
  return contradicts === undefined ? origin : { ...origin, contradicts: { ...contradicts, quote: shapeOf(contradicts.quote, source) } }
}

/**
 * The words of a report without the values in it: what stands in quotes, is an address or a number may be somebody's data. What the
 * repository itself says may stay.
 */
export function shapeOf(text: string, source: SourceSnapshot): string {
  const known = new Map<string, boolean>()
  const isOurs = (value: string) => {
    const found = known.get(value) ?? source.list().some((entry) => source.text(entry.path)?.includes(value))
    known.set(value, found)
    return found
  }
  return inert(text.split('\n')[0] ?? '', 300)
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '<address>')
    .replace(/'([^']{1,200})'|"([^"]{1,200})"|`([^`]{1,200})`/g, (quoted, ...values: string[]) =>
      isOurs(values.find((value) => typeof value === 'string') ?? '') ? quoted : '<value>',
    )
    .replace(/(?<![\w.])\+?\d[\d .-]{2,}\d(?![\w])/g, (number) => (isOurs(number) ? number : '<number>'))
}

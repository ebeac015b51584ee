import type { CommitSummary, MappedFrame, TextMatch, Why } from '@fixpoint/core'
import { CLASS_PRIOR, fileClass } from './file-class.ts'
import type { Query } from './query.ts'
import { wordsOf } from './query.ts'

/** Weights that paid in the measurements; each lane is divided by its best file first. */
const WEIGHTS = { frame: 1, text: 1, path: 0.5, mention: 1, stem: 1, history: 0.5 } as const
type Lane = keyof typeof WEIGHTS

export interface ScoredFile {
  readonly path: string
  readonly score: number
  readonly why: readonly Why[]
}

interface Signals {
  readonly paths: readonly string[]
  readonly query: Query
  readonly frames: readonly MappedFrame[]
  readonly matches: readonly (TextMatch & { readonly name: string })[]
  readonly history: readonly CommitSummary[]
}

/** Files by the weighted sum of their lanes and the prior of their class; what no lane knows is left out. Ties by path. */
export function scoredFiles(signals: Signals): ScoredFile[] {
  const lanes: Readonly<Record<Lane, Map<string, Signal>>> = {
    frame: frameLane(signals),
    text: textLane(signals),
    path: pathLane(signals),
    mention: mentionLane(signals),
    stem: stemLane(signals),
    history: historyLane(signals),
  }
  const names = Object.keys(lanes) as Lane[]
  const best = new Map(names.map((lane) => [lane, Math.max(...[...lanes[lane].values()].map((signal) => signal.value), 0)]))
  const files: ScoredFile[] = []
  for (const path of signals.paths) {
    const prior = CLASS_PRIOR[fileClass(path)]
    const why: Why[] = []
    let sum = 0
    for (const lane of names) {
      const signal = lanes[lane].get(path)
      const most = best.get(lane) ?? 0
      if (!signal || most <= 0) continue
      const weight = rounded((WEIGHTS[lane] * signal.value) / most)
      sum += weight
      why.push({ lane, weight, evidence: signal.evidence })
    }
    if (sum > 0) files.push({ path, score: rounded(sum * prior), why })
  }
  return files.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

interface Signal {
  readonly value: number
  readonly evidence: string
}

function frameLane({ frames }: Signals): Map<string, Signal> {
  const lane = new Map<string, Signal>()
  frames.forEach((frame, rank) => {
    const value = frame.confidence / (1 + 0.3 * rank)
    if (value > (lane.get(frame.path)?.value ?? 0)) lane.set(frame.path, { value, evidence: `frame ${rank + 1} of the trace` })
  })
  return lane
}

/** A name that few files hold says more than one that all of them do. */
function textLane({ matches, query }: Signals): Map<string, Signal> {
  const weights = new Map(query.identifiers.map(({ name, weight }) => [name, weight]))
  const files = new Map<string, Set<string>>()
  const holders = new Map<string, Set<string>>()
  for (const { path, name } of matches) {
    added(files, path, name)
    added(holders, name, path)
  }
  const lane = new Map<string, Signal>()
  for (const [path, names] of files) {
    let value = 0
    for (const name of names) value += (weights.get(name) ?? 0) / Math.log2(1 + (holders.get(name)?.size ?? 1))
    lane.set(path, { value, evidence: `contains ${[...names].slice(0, 5).join(', ')}` })
  }
  return lane
}

function added(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key)
  if (set) set.add(value)
  else map.set(key, new Set([value]))
}

function pathLane({ paths, query }: Signals): Map<string, Signal> {
  const lane = new Map<string, Signal>()
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const inName = [...wordsOf(name)].filter((word) => query.words.has(word))
    const inFolders = [...wordsOf(path.slice(0, -name.length))].filter((word) => query.words.has(word))
    const value = 2 * inName.length + inFolders.length
    if (value > 0) lane.set(path, { value, evidence: `words of the path: ${[...new Set([...inName, ...inFolders])].join(', ')}` })
  }
  return lane
}

function mentionLane({ paths, query }: Signals): Map<string, Signal> {
  const lane = new Map<string, Signal>()
  for (const path of paths) if (path.length > 4 && query.text.includes(path)) lane.set(path, { value: 1, evidence: 'the report names this path' })
  return lane
}

function stemLane({ paths, query }: Signals): Map<string, Signal> {
  const names = new Set(query.identifiers.map(({ name }) => name.toLowerCase()))
  const lane = new Map<string, Signal>()
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const stem = name.slice(0, name.indexOf('.') > 0 ? name.indexOf('.') : undefined)
    if (names.has(stem.toLowerCase().replaceAll('-', '')) || names.has(stem.toLowerCase())) lane.set(path, { value: 1, evidence: `named like \`${stem}\`` })
  }
  return lane
}

function historyLane({ history, query }: Signals): Map<string, Signal> {
  const lane = new Map<string, Signal>()
  for (const { commit, subject, paths } of history) {
    const shared = [...wordsOf(subject)].filter((word) => query.words.has(word))
    if (shared.length < 2 || paths.length > 30) continue
    const value = shared.length / Math.sqrt(paths.length)
    for (const path of paths) {
      if (value > (lane.get(path)?.value ?? 0)) lane.set(path, { value, evidence: `commit ${commit.slice(0, 8)} about ${shared.slice(0, 4).join(', ')}` })
    }
  }
  return lane
}

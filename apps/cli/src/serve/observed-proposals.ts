import { Certificate, Failure, type ObservedCounts, type ObservedProposal, type ObservedReport, RepoPath, type WithheldProposal } from '@fixpoint/core'
import { Archive, PlannedProposal, resemblanceOf } from '@fixpoint/engine'
import { GitHistory, GitRepository, textsAt } from '@fixpoint/source'
import { PostgresWithheld } from '@fixpoint/store'
import type { Env } from '../env.ts'
import type { Stores } from './open-stores.ts'
import type { OperatorSettings } from './operator-settings.ts'

/** Proposals of one report, and commits shown of each. */
const MOST = 500
const COMMITS = 5

/** What would have been proposed under `observe`, and what people did about the same lines. */
export class ObservedProposals {
  readonly #env: Env
  readonly #settings: Pick<OperatorSettings, 'repositories'>
  readonly #stores: Pick<Stores, 'database' | 'artifacts'>

  constructor({ env, settings, stores }: { env: Env; settings: Pick<OperatorSettings, 'repositories'>; stores: Pick<Stores, 'database' | 'artifacts'> }) {
    this.#env = env
    this.#settings = settings
    this.#stores = stores
  }

  async between(since: Date, until: Date): Promise<ObservedReport> {
    const withheld = await new PostgresWithheld(this.#stores.database).between(since, until, MOST)
    const proposals: ObservedProposal[] = []
    for (const each of withheld) proposals.push(await this.#observed(each))
    return { since, until, counts: countsOf(proposals), proposals }
  }

  /** What is not there any more is unknown, and holds up nothing. */
  async #observed(withheld: WithheldProposal): Promise<ObservedProposal> {
    const blank = { ...withheld, strength: undefined, title: undefined, files: [], people: 'unknown', commits: [] } as const
    try {
      const plan = await new Archive(this.#stores.artifacts).get(PlannedProposal, withheld.proposal)
      const edits = plan.edits.filter(({ path }) => isPatched(path, plan))
      const named = { ...blank, strength: plan.strength, title: plan.title, files: edits.map(({ path }) => path) }
      return (await this.#compared(named, plan, edits)) ?? named
    } catch (error) {
      if (error instanceof Failure && error.code === 'artifact-missing') return blank
      throw error
    }
  }

  async #compared(named: ObservedProposal, plan: PlannedProposal, edits: PlannedProposal['edits']): Promise<ObservedProposal | undefined> {
    const place = named.repository === undefined ? undefined : this.#settings.repositories[named.repository]
    if (place === undefined) return undefined
    try {
      const path = this.#env.searchPath?.join(':')
      await using repository = await GitRepository.open(place.path, path === undefined ? {} : { path })
      const tip = await repository.resolve(place.revision)
      const [before, now] = [await textsAt(repository, plan.base, named.files), await textsAt(repository, tip, named.files)]
      const files = edits.map((edit) => ({ base: before.get(edit.path) ?? null, proposed: edit.content, now: now.get(edit.path) ?? null }))
      const commits = await new GitHistory(repository).after(plan.base, tip, 100, named.files)
      const shown = commits.map(({ commit, at, subject }) => ({ commit, at, subject })).reverse()
      return { ...named, people: resemblanceOf(files), commits: shown.slice(0, COMMITS) }
    } catch (error) {
      if (error instanceof Failure) return undefined
      throw error
    }
  }
}

/** The patch alone: files of the reproduction are ours, and people have their own. */
function isPatched(path: string, plan: PlannedProposal): boolean {
  const { patch } = Certificate.pick({ patch: true }).parse(JSON.parse(plan.certificate))
  return RepoPath.safeParse(path).success && patch.diff.split('\n').includes(`diff --git a/${path} b/${path}`)
}

function countsOf(proposals: readonly ObservedProposal[]): ObservedCounts {
  const like = (people: ObservedProposal['people']) => proposals.filter((one) => one.people === people).length
  return {
    ...{ withheld: proposals.length, identical: like('identical'), sameLines: like('same-lines'), sameFiles: like('same-files') },
    ...{ untouched: like('untouched'), unknown: like('unknown'), seenAgain: proposals.filter(({ seenAgain }) => seenAgain > 0).length },
  }
}

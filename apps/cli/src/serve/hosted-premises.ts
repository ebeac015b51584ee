import { GitHubCodeHost } from '@fixpoint/code-hosts'
import {
  type CodeHost,
  Failure,
  type HostThreads,
  type OfferedProposal,
  type PublishedProposal,
  type Reports,
  RepositoryName,
  type RunId,
  type Standing,
} from '@fixpoint/core'
import type { GitRepository } from '@fixpoint/source'
import { compose } from '../compose.ts'
import type { Env } from '../env.ts'
import { RepositorySettings } from '../settings.ts'
import { type Hosting, unlessRefused } from './hosting.ts'
import type { Premises } from './premises.ts'

const PLACE = 'github:'

export interface HostedHands {
  readonly hosting: Hosting
  readonly env: Env
  readonly stores: { readonly threads: HostThreads; readonly reports: Pick<Reports, 'ofRun'> }
  readonly note: (message: string) => void
}

/** A repository on a code host: a mirror of it on this machine, and proposals that become pull requests. */
export function hostedPremises(name: string, { hosting, env, stores, note }: HostedHands): Premises | undefined {
  const parsed = RepositoryName.safeParse(name)
  if (!parsed.success || !hosting.allows(name)) return undefined
  const repositoryName = parsed.data
  return {
    name,
    place: `${PLACE}${name}`,
    revision: 'HEAD',
    autonomy: hosting.settings.autonomy,
    unattended: hosting.settings.unattended,
    remedy: `Look whether the app is installed on ${name}, then ask again.`,
    async hands({ run, revisions, artifacts }) {
      const repository = await hosting.repository(repositoryName, { signal: new AbortController().signal, revisions, fresh: run === undefined, note })
      try {
        const codeHost = await codeHostFor(repository, run)
        return await compose(repository.workTree, env, { repository, codeHost, ...(artifacts !== undefined && { artifacts }) })
      } catch (error) {
        await repository[Symbol.asyncDispose]()
        throw error
      }
    },
    open: ({ revisions, signal }) => hosting.repository(repositoryName, { signal, revisions, fresh: revisions.length === 0, note }),
    linesPage: (commit, path, lines) => hosting.linesPage(name, commit, path, lines),
    async own() {
      const { settings, problem } = await hosting.rules.of(repositoryName)
      if (problem !== undefined) throw new Failure('settings-invalid', problem, 'Then ask again.')
      return settings
    },
  }

  async function codeHostFor(repository: GitRepository, run: RunId | undefined): Promise<CodeHost> {
    const mirrorOfNow = async () => hosting.mirrorOf(repositoryName, await hosting.nameOfNow(repositoryName))
    // Not asked for here: that it is gone is said by the run, when it wants to publish.
    const hosted = hosting.hosts.at(repositoryName)
    const { labels, reviewers, closes } = await unlessRefused(async () => (await hosting.rules.of(repositoryName)).settings, RepositorySettings.parse({})).then(
      ({ pullRequest }) => pullRequest,
    )
    const issue = run === undefined ? undefined : await issueOf(run)
    const host = new GitHubCodeHost(hosted, (await mirrorOfNow()).pusher(repository), {
      ...{ labels, reviewers, note, verifiedCommits: hosting.settings.verifiedCommits },
      ...(issue !== undefined && { issue: { number: issue, closes } }),
    })
    return new BoundCodeHost(host, {
      fetch: async (revision) => void (await (await mirrorOfNow()).fetch({ signal: new AbortController().signal, revisions: [revision], note })),
      bind: async (opened, pull) => {
        const report = await stores.reports.ofRun(opened)
        const { name: nameOfNow } = await hosted.about()
        if (report !== undefined) await stores.threads.bind({ repository: nameOfNow, number: pull, kind: 'pull', report: report.id, run: opened })
      },
    })
  }

  async function issueOf(run: RunId): Promise<number | undefined> {
    const report = await stores.reports.ofRun(run)
    const threads = report === undefined ? [] : await stores.threads.ofReport(report.id)
    return threads.find(({ kind }) => kind === 'issue')?.number
  }
}

/** The name of a hosted repository whose runs say that they lie at a place; undefined for a folder. */
export function hostedAt(place: string): string | undefined {
  return place.startsWith(PLACE) ? place.slice(PLACE.length) : undefined
}

interface HostTies {
  /** Whatever the host says where a branch stands is there to be read. */
  readonly fetch: (revision: string) => Promise<void>
  /** What people do with a pull request is heard from the moment it is there, wherever its report came from. */
  readonly bind: (run: RunId, pull: number) => Promise<void>
}

/** GitHub for the engine, tied to what this service keeps of it. */
class BoundCodeHost implements CodeHost {
  readonly identity: GitHubCodeHost['identity']
  readonly #host: GitHubCodeHost
  readonly #ties: HostTies

  constructor(host: GitHubCodeHost, ties: HostTies) {
    this.identity = host.identity
    this.#host = host
    this.#ties = ties
  }

  branchName(slug: string): string {
    return this.#host.branchName(slug)
  }

  async standing(): Promise<Standing> {
    const standing = await this.#host.standing()
    if (standing.wanted && standing.head !== undefined) await this.#ties.fetch(standing.head)
    return standing
  }

  async ensureProposal(proposal: OfferedProposal): Promise<PublishedProposal> {
    const published = await this.#host.ensureProposal(proposal)
    if (published.pull !== undefined) await this.#ties.bind(proposal.run, published.pull)
    return published
  }
}

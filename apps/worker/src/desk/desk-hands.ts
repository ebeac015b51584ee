import type { Explanation, HostedRepositories, HostThreads, ObjectId, RepositoryName, RunId } from '@fixpoint/core'

/** What a repository's owner and the operator say of how people talk with us there. */
export interface DeskSettings {
  /** Nothing is begun here: who says so, and what turns it on, in words for people (Markdown of ours). Undefined: it is on. */
  readonly off?: string | undefined
  /** Labels that ask for a run. */
  readonly labels: readonly string[]
  /** Apps that may ask like a person with write access, by their login (`renovate[bot]`). */
  readonly bots: readonly string[]
  /** The least that somebody must be allowed to ask for something. */
  readonly mayAsk: 'triage' | 'write' | 'admin'
  /** Attempts at one pull request that people who review it, and checks that turn red, may ask for. */
  readonly rounds: { readonly reviews: number; readonly checks: number }
  /** Whether a model may be asked: a report without a trace can be worked on then. */
  readonly models: boolean
  /** A problem with the settings of the repository, in words for its owner: nothing is done until it is mended. */
  readonly problem?: string | undefined
}

/** What the desk needs of the world besides what a worker has. */
export interface DeskHands {
  readonly hosts: HostedRepositories
  readonly threads: HostThreads
  /** `github.com`, or the host of an Enterprise server: a part of the key under which an issue is one report. */
  readonly host: string
  /** Between two looks for deliveries that got lost. */
  readonly recoverMs: number
  /** Read from the default branch. */
  readonly settingsOf: (repository: RepositoryName) => Promise<DeskSettings>
  /** We act under a person's name: what that person does is not ours. */
  readonly personal: boolean
  /** Share of the lines that a merged commit added which still stand on the default branch. */
  readonly survivalOf: (repository: RepositoryName, commit: ObjectId) => Promise<number>
  /** What a model says of the cause; undefined where none is asked, or it gave no answer. Takes a minute, and money of the run. */
  readonly explain?: (run: RunId) => Promise<Explanation | undefined>
  /** Where people may look, when this service has an address. */
  readonly runUrl: (run: string) => string | undefined
}

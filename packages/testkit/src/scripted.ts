import type {
  CodeHost,
  DraftEvent,
  Drafter,
  DraftTask,
  DraftTools,
  OfferedProposal,
  PublishedProposal,
  ReproduceEvent,
  Reproducer,
  ReproduceTask,
  ReproduceTools,
  Standing,
} from '@fixpoint/core'

/** What a scripted part does in one turn: fixed events, or events made from what it was handed. */
export type DraftScript = readonly DraftEvent[] | ((task: DraftTask, tools: DraftTools) => readonly DraftEvent[] | Promise<readonly DraftEvent[]>)
export type ReproduceScript =
  | readonly ReproduceEvent[]
  | ((task: ReproduceTask, tools: ReproduceTools) => readonly ReproduceEvent[] | Promise<readonly ReproduceEvent[]>)

/** Plays one script per call of `draft`, in order, and throws when asked once more. Keeps the tasks that it was given. */
export class ScriptedDrafter implements Drafter {
  readonly name: string
  readonly tasks: DraftTask[] = []
  readonly #scripts: DraftScript[]

  constructor(scripts: readonly DraftScript[], name = 'scripted') {
    this.name = name
    this.#scripts = [...scripts]
  }

  async *draft(task: DraftTask, tools: DraftTools, signal: AbortSignal): AsyncIterable<DraftEvent> {
    this.tasks.push(task)
    const script = this.#scripts.shift()
    if (script === undefined) throw new Error(`drafter ${this.name} was asked ${this.tasks.length} times, but its script ends before that`)
    for (const event of typeof script === 'function' ? await script(task, tools) : script) {
      signal.throwIfAborted()
      yield event
    }
  }
}

/** Plays one script per call of `reproduce`, in order, and throws when asked once more. Keeps the tasks that it was given. */
export class ScriptedReproducer implements Reproducer {
  readonly name: string
  readonly tasks: ReproduceTask[] = []
  readonly #scripts: ReproduceScript[]

  constructor(scripts: readonly ReproduceScript[], name = 'scripted') {
    this.name = name
    this.#scripts = [...scripts]
  }

  async *reproduce(task: ReproduceTask, tools: ReproduceTools, signal: AbortSignal): AsyncIterable<ReproduceEvent> {
    this.tasks.push(task)
    const script = this.#scripts.shift()
    if (script === undefined) throw new Error(`reproducer ${this.name} was asked ${this.tasks.length} times, but its script ends before that`)
    for (const event of typeof script === 'function' ? await script(task, tools) : script) {
      signal.throwIfAborted()
      yield event
    }
  }
}

/** Publishes nothing and remembers everything: what was asked, and the one proposal that stands per branch. */
export class RecordingCodeHost implements CodeHost {
  readonly calls: OfferedProposal[] = []
  readonly proposals = new Map<string, OfferedProposal>()
  /** Number of the pull request that every proposal becomes; none: nobody reports back. */
  readonly #pull: number | undefined
  /** What it says of the branch that proposals are meant for. */
  now: Standing = { wanted: true, head: undefined }

  constructor(options: { pull?: number } = {}) {
    this.#pull = options.pull
  }

  async standing(): Promise<Standing> {
    return this.now
  }

  async ensureProposal(proposal: OfferedProposal): Promise<PublishedProposal> {
    this.calls.push(proposal)
    this.proposals.set(proposal.branch, proposal)
    return { url: undefined, commit: proposal.commit, ...(this.#pull === undefined ? {} : { pull: this.#pull }) }
  }
}

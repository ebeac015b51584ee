import type { RepositoryName } from '@fixpoint/core'
import type { WorkerHands } from '../hands.ts'
import { quietly } from '../quietly.ts'
import type { DeskHands } from './desk-hands.ts'

/** The labels that ask for a run, so that people find them in the list: made once, when we first hear of a repository. A host that refuses is left alone. */
export class TriggerLabels {
  readonly #log: WorkerHands['log']
  readonly #desk: Pick<DeskHands, 'hosts' | 'settingsOf'>
  readonly #known = new Set<RepositoryName>()

  constructor({ log }: Pick<WorkerHands, 'log'>, desk: Pick<DeskHands, 'hosts' | 'settingsOf'>) {
    this.#log = log
    this.#desk = desk
  }

  async ensure(repository: RepositoryName): Promise<void> {
    if (this.#known.has(repository)) return
    this.#known.add(repository)
    await quietly(this.#log, `the labels that ask for a run are not in ${repository}`, async () => {
      const { off, labels } = await this.#desk.settingsOf(repository)
      if (off !== undefined) return
      const host = await this.#desk.hosts.open(repository)
      for (const label of labels) await host.ensureLabel(label)
    })
  }
}

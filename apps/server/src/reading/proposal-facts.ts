import type { Artifacts, Digest, GateResult } from '@fixpoint/core'
import { artifactBytes } from '../api/artifacts.ts'
import { type ChangedFile, changedFiles, type Risk, risksOf } from './patch-facts.ts'
import { Certified, Planned } from './records.ts'

/** What a list tells of a proposal. */
export interface ProposalFacts {
  readonly title: string
  readonly strength: Planned['strength']
  readonly drafter: string
  readonly gates: readonly Pick<GateResult, 'gate' | 'status'>[]
  readonly files: readonly ChangedFile[]
  readonly risks: readonly Risk[]
}

/** An artifact never changes: what was made of it is remembered. */
const REMEMBERED = 2000

/** Reads proposals, and remembers what lists tell of them. */
export class Proposals {
  readonly #artifacts: Artifacts
  readonly #known = new Map<Digest, ProposalFacts>()

  constructor(artifacts: Artifacts) {
    this.#artifacts = artifacts
  }

  async planned(proposal: Digest): Promise<Planned> {
    return Planned.parse(JSON.parse(new TextDecoder().decode(await artifactBytes(this.#artifacts, proposal))))
  }

  async facts(proposal: Digest): Promise<ProposalFacts> {
    const known = this.#known.get(proposal)
    if (known !== undefined) return known
    const facts = factsOf(await this.planned(proposal))
    this.#known.set(proposal, facts)
    if (this.#known.size > REMEMBERED) for (const oldest of [...this.#known.keys()].slice(0, 1)) this.#known.delete(oldest)
    return facts
  }
}

export function factsOf({ title, strength, diff, certificate }: Planned): ProposalFacts {
  const certified = Certified.parse(JSON.parse(certificate))
  const files = changedFiles(diff)
  return {
    ...{ title, strength, drafter: certified.patch.origin.drafter, files },
    gates: certified.verdict.gates.map(({ gate, status }) => ({ gate, status })),
    risks: risksOf(files, { ...certified, strength }),
  }
}

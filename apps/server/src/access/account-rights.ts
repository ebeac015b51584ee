import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, Failure, inert, type Scope, type Session } from '@fixpoint/core'
import type { SignIn } from '../hands.ts'
import { Refusal } from '../problem.ts'

const MINUTE = 60_000
/** The host is asked again after this long. */
const FRESH_MS = 15 * MINUTE
/** For this long nobody is kept out because the host does not answer. */
const GRACE_MS = 60 * MINUTE
/** A host that did not answer is left alone for this long. */
const SPARED_MS = MINUTE
/** A page waits this long for the host; its answer is for the next one. */
const PATIENCE_MS = 5000
const REMEMBERED = 1000

interface Account {
  answer?: { readonly scopes: readonly Scope[]; readonly at: number }
  failure?: { readonly cause: Failure; readonly at: number }
  asking?: Promise<void> | undefined
}

/** What people may who came by their account on a code host: at sign-in, and for as long as their session lasts. */
export class AccountRights {
  readonly #signIn: Pick<SignIn, 'rights'> | undefined
  readonly #clock: Clock
  readonly #accounts = new Map<string, Account>()

  constructor(signIn: Pick<SignIn, 'rights'> | undefined, clock: Clock) {
    this.#signIn = signIn
    this.#clock = clock
  }

  /** Throws a 401 that says why, when somebody may nothing any more. */
  async of(name: string, { scopes: atSignIn, createdAt }: Pick<Session, 'scopes' | 'createdAt'>): Promise<readonly Scope[]> {
    const account = this.#account(name)
    if (this.#age(account.answer) >= FRESH_MS) await Promise.race([this.#ask(name, account), sleep(PATIENCE_MS, undefined, { ref: false })])
    const { answer, failure } = account
    const age = answer === undefined ? this.#clock.now().getTime() - createdAt.getTime() : this.#age(answer)
    if (age >= GRACE_MS) throw ended(`For an hour nobody could say whether ${name} may still look here: ${failure?.cause.message ?? 'no answer'}`, failure)
    const scopes = answer?.scopes ?? atSignIn
    if (scopes.length === 0) throw ended(`${name} may not look here any more`)
    return scopes
  }

  async #ask(name: string, account: Account): Promise<void> {
    if (this.#age(account.failure) < SPARED_MS) return
    account.asking ??= this.#answered(name, account).finally(() => {
      account.asking = undefined
    })
    await account.asking
  }

  async #answered(name: string, account: Account): Promise<void> {
    try {
      account.answer = { scopes: (await this.#signIn?.rights(name)) ?? [], at: this.#clock.monotonic() }
      delete account.failure
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause
      account.failure = { cause, at: this.#clock.monotonic() }
    }
  }

  #age(known: { readonly at: number } | undefined): number {
    return known === undefined ? Number.POSITIVE_INFINITY : this.#clock.monotonic() - known.at
  }

  #account(name: string): Account {
    const account = this.#accounts.get(name) ?? {}
    // The one that was not seen for longest is forgotten.
    this.#accounts.delete(name)
    this.#accounts.set(name, account)
    if (this.#accounts.size > REMEMBERED) for (const oldest of [...this.#accounts.keys()].slice(0, 1)) this.#accounts.delete(oldest)
    return account
  }
}

function ended(why: string, failure?: { readonly cause: Failure }): Refusal {
  const hint = failure?.cause.hint ?? 'Ask whoever runs this service to list you, or a team of yours, under github.signIn in the settings.'
  return new Refusal(401, 'Your session has ended', { detail: inert(why, 300), hint: inert(hint, 300) })
}

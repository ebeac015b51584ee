import type { ToolCall } from '@fixpoint/core'

/** How a conversation can go round in circles. */
export type Stuckness = 'same-call' | 'same-patch' | 'same-failure' | 'alternating' | 'no-tool-call'

const SAME_CALLS = 3
const SAME_FAILURES = 3
const SILENCES = 2

/** How the answer of `run_tests` begins when all is well: nothing to be stuck in. */
export const PASSED = 'Passed'

/** Watches a conversation for circles, from what is said alone: gone through again, it sees the same. */
export class StuckWatch {
  /** What has been changed so far, as text. */
  readonly #state: () => string
  readonly #counts = new Map<string, number>()
  readonly #submitted = new Set<string>()
  #states: string[] = ['']
  #failures: { said: string; state: string }[] = []
  #silences = 0
  #found: Stuckness | undefined

  constructor(state: () => string) {
    this.#state = state
  }

  saw(call: ToolCall, answer: string): void {
    this.#silences = 0
    // Nothing else changes anything, and a large diff is not made for nothing.
    const state = call.name === 'edit_file' ? this.#state() : (this.#states.at(-1) ?? '')
    if (state !== this.#states.at(-1)) this.#changed(state)
    const key = JSON.stringify([call.name, call.input, state, answer])
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    if (count >= SAME_CALLS) this.#found ??= 'same-call'
    if (call.name === 'submit_patch') {
      const submitted = JSON.stringify([state, call.input.contradicts ?? null])
      if (this.#submitted.has(submitted)) this.#found ??= 'same-patch'
      this.#submitted.add(submitted)
    }
    if (call.name === 'run_tests' && !answer.startsWith(PASSED)) this.#tested(`${JSON.stringify(call.input)}\n${answer}`, state)
  }

  /** A reply without a call. */
  heardNothing(): void {
    this.#silences += 1
    if (this.#silences >= SILENCES) this.#found ??= 'no-tool-call'
  }

  /** What was found since it was last asked. After it, the conversation has a second chance. */
  take(): Stuckness | undefined {
    const found = this.#found
    if (found === undefined) return undefined
    this.#found = undefined
    this.#failures = []
    this.#states = this.#states.slice(-1)
    this.#counts.clear()
    return found
  }

  #changed(state: string): void {
    this.#states = [...this.#states.slice(-3), state]
    const [first, second, third, fourth] = this.#states
    if (fourth !== undefined && first === third && second === fourth) this.#found ??= 'alternating'
  }

  /** The same words after different changes. */
  #tested(said: string, state: string): void {
    if (this.#failures.at(-1)?.said !== said) this.#failures = []
    if (this.#failures.some((each) => each.state === state)) return
    this.#failures.push({ said, state })
    if (this.#failures.length >= SAME_FAILURES) this.#found ??= 'same-failure'
  }
}

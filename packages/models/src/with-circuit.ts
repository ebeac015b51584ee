import { type Clock, type LanguageModel, type ModelEvent, ModelFailure, type ModelFailureCode, type ModelRequest } from '@fixpoint/core'

/** What only a person mends. */
const LASTING: ReadonlySet<ModelFailureCode> = new Set(['model-key-refused', 'model-unknown', 'model-spend-limit', 'model-not-allowed'])
/** After this it is tried again: it may have been mended. */
const OPEN_MS = 300_000

/** After a refusal that no waiting mends, says so at once for a while, and leaves the endpoint alone. */
export function withCircuit(model: LanguageModel, clock: Clock): LanguageModel {
  let refusal: { readonly failure: ModelFailure; readonly until: number } | undefined
  return {
    card: model.card,
    countTokens: (request, signal) => model.countTokens(request, signal),
    async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      if (refusal !== undefined && clock.monotonic() < refusal.until) {
        const { code, message, hint } = refusal.failure
        throw new ModelFailure(code, message, hint, { cause: refusal.failure })
      }
      try {
        yield* model.ask(request, signal)
        refusal = undefined
      } catch (error) {
        if (error instanceof ModelFailure && LASTING.has(error.code)) refusal = { failure: error, until: clock.monotonic() + OPEN_MS }
        throw error
      }
    },
  }
}

import { type LanguageModel, type ModelEvent, ModelFailure, type ModelRequest } from '@fixpoint/core'

/** Some endpoints repeat the key that they were sent: it gets no further than here. */
export function withHiddenKey(model: LanguageModel, key: string | undefined): LanguageModel {
  if (key === undefined || key === '') return model
  return {
    card: model.card,
    countTokens: (request, signal) => model.countTokens(request, signal),
    async *ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      try {
        yield* model.ask(request, signal)
      } catch (error) {
        if (!(error instanceof ModelFailure) || !error.message.includes(key)) throw error
        const { code, message, hint, againInMs, usage } = error
        throw new ModelFailure(code, message.replaceAll(key, '[key]'), hint, { againInMs, usage })
      }
    },
  }
}

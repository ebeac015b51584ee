import type { Lane, ModelCard } from '@fixpoint/core'
import { lanesOf } from './lanes-of.ts'
import { cardOf } from './model-cards.ts'
import { type ModelSettings, type Provider, protocolOf, providerOf } from './model-settings.ts'
import { addressOf, keyVariableOf } from './provider-address.ts'

export interface ListedModel {
  readonly lane: Lane
  readonly isCritic: boolean
  readonly kind: Provider['kind']
  readonly card: ModelCard
  /** False: nobody told us of this model, and the card is a cautious guess. */
  readonly known: boolean
  readonly address: string
  /** The variable that holds the key; none where none is wanted. Never the key. */
  readonly keyFrom: string | undefined
  readonly keySet: boolean
}

/** What the settings set up. Asks nobody. */
export function listedModels(settings: ModelSettings, key: (variable: string) => string | undefined): readonly ListedModel[] {
  return lanesOf(settings).flatMap((lane) => {
    const provider = lane.model === undefined ? undefined : providerOf(settings.providers, lane.model)
    if (lane.model === undefined || provider === undefined) return []
    const { card, known } = cardOf(lane.model, protocolOf(provider), settings.cards[lane.model])
    const keyFrom = keyVariableOf(provider)
    return [
      {
        lane,
        kind: provider.kind,
        isCritic: settings.critic === lane.name,
        card,
        known,
        address: addressOf(provider),
        keyFrom,
        keySet: keyFrom !== undefined && key(keyFrom) !== undefined,
      },
    ]
  })
}

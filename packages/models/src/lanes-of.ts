import type { Lane } from '@fixpoint/core'
import type { ModelSettings } from './model-settings.ts'

/** What a lane may use of a run when its settings do not say. The last lane has all that is left. */
const DEFAULTS: Readonly<Record<string, Pick<Lane, 'attempts' | 'share'>>> = {
  cheap: { attempts: 2, share: 0.3 },
  strong: { attempts: 4, share: 1 },
}
const OTHERS = { attempts: 4, share: 1 }

/** The order in which a run's drafters are asked: patterns, then the lanes of the settings. */
export function lanesOf(settings: Pick<ModelSettings, 'lanes'>): Lane[] {
  const lanes = Object.entries(settings.lanes).map(
    ([name, told]): Lane => ({
      name,
      ...(DEFAULTS[name] ?? OTHERS),
      ...(typeof told === 'string' ? { model: told } : Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))),
    }),
  )
  return [{ name: 'patterns', share: 1 }, ...lanes]
}

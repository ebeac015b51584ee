import { Autonomy } from '@fixpoint/core'
import { type BudgetWish, RepositorySettings, type SettingsSaid } from './settings.ts'

/** What one place says: the operator's defaults, an organisation, a repository. */
export interface SettingsLevel {
  /** For people: a file, or whose word it is. */
  readonly from: string
  readonly said: SettingsSaid
}

/** What the operator allows at most. */
export interface Ceilings {
  readonly autonomy: Autonomy
  readonly budget: BudgetWish
}

export interface EffectiveSettings {
  readonly settings: RepositorySettings
  /** By key (`rounds.reviews`): what holds, who said so, and what the operator did not allow. */
  readonly origins: ReadonlyMap<string, { readonly value: unknown; readonly from: string; readonly asked?: unknown }>
}

type Origins = Map<string, { value: unknown; from: string; asked?: unknown }>

/** The last level that says something of a key is heard; what is protected adds up. The ceilings hold for all of them. */
export function effectiveSettings(levels: readonly SettingsLevel[], ceilings?: Ceilings): EffectiveSettings {
  const origins: Origins = new Map()
  for (const { from, said } of [{ from: 'built in', said: RepositorySettings.parse({}) }, ...levels])
    for (const [key, value] of leavesOf(said)) origins.set(key, key === 'protected' ? together(origins.get(key), value, from) : { value, from })
  if (ceilings !== undefined) tighten(origins, ceilings)
  return { settings: RepositorySettings.parse(nested(origins)), origins }
}

function tighten(origins: Origins, { autonomy, budget }: Ceilings): void {
  const keep = (key: string, most: unknown, isWithin: (asked: unknown) => boolean) => {
    const said = origins.get(key)
    if (said === undefined) origins.set(key, { value: most, from: 'operator' })
    else if (!isWithin(said.value)) origins.set(key, { value: most, from: 'the operator’s ceiling', asked: said.value })
  }
  const rank = (each: unknown) => Autonomy.options.indexOf(each as Autonomy)
  keep('autonomy', autonomy, (asked) => rank(asked) <= rank(autonomy))
  for (const [key, most] of leavesOf(budget)) keep(`budget.${key}`, most, (asked) => Number(asked) <= Number(most))
}

function together(known: { value: unknown; from: string } | undefined, value: unknown, from: string) {
  const before = (known?.value ?? []) as readonly unknown[]
  const added = (value as readonly unknown[]).filter((each) => !before.includes(each))
  if (known === undefined || before.length === 0) return { value, from }
  return added.length === 0 ? known : { value: [...before, ...added], from: `${known.from}, ${from}` }
}

/** Lists are one value. */
function leavesOf(said: object, prefix = ''): [string, unknown][] {
  return Object.entries(said).flatMap(([key, value]): [string, unknown][] => {
    if (value === undefined) return []
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? leavesOf(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]]
  })
}

function nested(origins: Origins): object {
  const root: Record<string, unknown> = {}
  for (const [key, { value }] of origins) {
    const [first = key, second] = key.split('.')
    if (second === undefined) root[first] = value
    else root[first] = { ...(root[first] as object | undefined), [second]: value }
  }
  return root
}

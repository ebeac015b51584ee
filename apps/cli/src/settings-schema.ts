import { z } from 'zod'
import { OperatorSettings } from './serve/operator-settings.ts'
import { RepositorySettings } from './settings.ts'

export type SettingsKind = 'repository' | 'operator'

/** For editors; docs/schema holds the same. */
export function settingsSchema(kind: SettingsKind): string {
  const [name, schema] = kind === 'repository' ? ['fixpoint-settings.json', RepositorySettings] : ['fixpoint-operator.json', OperatorSettings]
  return publishedSchema(name, z.toJSONSchema(schema, { io: 'input', target: 'draft-07', unrepresentable: 'any' }))
}

export function publishedSchema(id: string, made: object): string {
  return `${JSON.stringify({ $id: `https://fixpoint.dev/schema/${id}`, ...made }, undefined, 2)}\n`
}

import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import type { paths } from '../../api/schema.ts'

type Told<Path extends 'tokens' | 'ingest-keys' | 'models' | 'outbound' | 'changes'> =
  paths[`/api/${Path}`]['get']['responses'][200]['content']['application/json']['items'][number]

export type Token = Told<'tokens'>
export type Scope = Token['scopes'][number]
export type IngestKey = Told<'ingest-keys'>
export type Lane = Told<'models'>
export type Message = Told<'outbound'>
export type Change = Told<'changes'>
export type Trial = paths['/api/models/{lane}/try']['post']['responses'][200]['content']['application/json']

export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: ({ signal }) => answerOf(api.GET('/api/tokens', { signal })) })
export const ingestKeysQuery = queryOptions({ queryKey: ['ingest-keys'], queryFn: ({ signal }) => answerOf(api.GET('/api/ingest-keys', { signal })) })
export const stopQuery = queryOptions({ queryKey: ['stop'], queryFn: ({ signal }) => answerOf(api.GET('/api/stop', { signal })), refetchInterval: 30_000 })
export const settingsQuery = queryOptions({ queryKey: ['settings'], queryFn: ({ signal }) => answerOf(api.GET('/api/settings', { signal })) })

/** What the settings say under a name, where it is a group of them. */
export function groupIn(settings: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> | undefined {
  const group = settings[name]
  return typeof group === 'object' && group !== null && !Array.isArray(group) ? (group as Record<string, unknown>) : undefined
}

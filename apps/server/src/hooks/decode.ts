import type { AlertSource } from '@fixpoint/intake'
import { type JsonLimits, withinLimits } from './json-limits.ts'

/**
 * Whether a body can be read later. A JSON object within the limits can; of everything else its source is asked, because some of them
 * (Datadog's template) send what is not quite JSON and is read all the same.
 */
export function decoded(source: AlertSource, headers: Readonly<Record<string, string>>, body: Buffer, limits: JsonLimits): boolean {
  if (!withinLimits(body, limits)) return false
  return isObject(body) || !('malformed' in source.normalise(headers, body))
}

function isObject(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

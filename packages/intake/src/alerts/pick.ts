import { z } from 'zod'

/**
 * Shapes for payloads of strangers: what is named is picked, everything else never leaves the payload, and a value of another type is a
 * value that is not there. Nothing here refuses.
 */

/** A text of at most so many characters; the rest of a longer one is cut off. A number or a truth value is written out. */
export function words(maximum: number) {
  return z.unknown().transform((value): string | undefined => {
    const text = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : value
    return typeof text === 'string' && text.trim() !== '' ? text.slice(0, maximum) : undefined
  })
}

export function count() {
  return z.unknown().transform((value): number | undefined => {
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
  })
}

export function truth() {
  return z.boolean().optional().catch(undefined)
}

/** An object's named members; `parse` of it never throws. */
export function part<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).partial().optional().catch(undefined)
}

/** Of a list at most so many members, those that fit. `from: 'end'` keeps the last ones. */
export function list<Member extends z.ZodType>(member: Member, maximum: number, from: 'start' | 'end' = 'start') {
  return z.unknown().transform((value): NonNullable<z.output<Member>>[] => {
    if (!Array.isArray(value)) return []
    const kept = from === 'start' ? value.slice(0, maximum) : value.slice(-maximum)
    return kept.flatMap((one) => {
      const picked = member.safeParse(one)
      return picked.success && picked.data !== undefined && picked.data !== null ? [picked.data as NonNullable<z.output<Member>>] : []
    })
  })
}

/** Names of the payload to texts, those that are asked for. */
export function texts<const Name extends string>(names: readonly Name[], maximum: number) {
  return z.unknown().transform((value): Partial<Record<Name, string>> => {
    const result: Partial<Record<Name, string>> = {}
    if (typeof value !== 'object' || value === null) return result
    for (const name of names) {
      const text = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
      if (typeof text === 'string' && text.trim() !== '') result[name] = text.slice(0, maximum)
    }
    return result
  })
}

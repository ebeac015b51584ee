/** At most `limit` of the items, evenly from the first to the last. */
export function spread<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items
  return Array.from({ length: Math.max(0, limit) }, (_, at) => items[Math.floor((at * items.length) / limit)]).filter((item): item is T => item !== undefined)
}

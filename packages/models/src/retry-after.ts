/** When an endpoint says that it may be asked again: `retry-after` as seconds or as a date, or milliseconds under a header of its own. */
export function afterMs(headers: Headers | undefined, now: Date): number | undefined {
  const milliseconds = Number.parseFloat(headers?.get('retry-after-ms') ?? '')
  if (milliseconds >= 0) return milliseconds
  const said = headers?.get('retry-after')?.trim()
  if (said === undefined || said === '') return undefined
  if (/^\d+(\.\d+)?$/.test(said)) return Math.ceil(Number.parseFloat(said) * 1000)
  const date = Date.parse(said)
  if (Number.isNaN(date)) return undefined
  // By its own clock, where it tells it: ours may be wrong.
  const there = Date.parse(headers?.get('date') ?? '')
  return Math.max(0, date - (Number.isNaN(there) ? now.getTime() : there))
}

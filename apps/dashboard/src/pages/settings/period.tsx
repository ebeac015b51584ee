const DAYS = [
  [90, '90 days'],
  [30, '30 days'],
  [365, 'a year'],
  [0, 'until it is revoked'],
] as const

/** How long something holds. */
export function Period() {
  return (
    <label className="flex flex-col gap-1 text-sm font-medium">
      Holds for
      <select name="days" className="min-h-9 rounded-md border border-line-strong bg-raised px-2 text-base font-normal">
        {DAYS.map(([days, words]) => (
          <option key={days} value={days}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}

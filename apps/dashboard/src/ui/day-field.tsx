interface DayFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (day: string) => void
  readonly least?: string
  readonly most?: string
}

/** A day of UTC: `2026-03-04`. */
export function DayField({ label, value, onChange, least, most }: DayFieldProps) {
  return (
    <input
      type="date"
      aria-label={label}
      title={`${label} (UTC)`}
      value={value}
      min={least}
      max={most}
      onChange={(event) => event.target.value !== '' && onChange(event.target.value)}
      className="min-h-7 rounded-md border border-line-strong bg-raised px-2 text-sm max-md:min-h-9"
    />
  )
}

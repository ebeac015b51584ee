import type { ReactNode } from 'react'

const BOX = 'min-h-7 rounded-md border border-line-strong bg-raised px-2 text-sm max-md:min-h-9'

interface SelectProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly children: ReactNode
}

/** A choice of one; its label is read out, and its first option says what it is about. */
export function Select({ label, value, onChange, children }: SelectProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} className={BOX}>
      {children}
    </select>
  )
}

interface SearchFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly id: string
}

/** Enter goes on to what was found, Escape goes back: the browser empties the field. In a form, Enter sends it. */
export function SearchField({ label, value, onChange, id }: SearchFieldProps) {
  return (
    <input
      id={id}
      type="search"
      aria-label={label}
      placeholder={`${label} (/)`}
      title={`${label} (/)`}
      aria-keyshortcuts="/"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={({ key, currentTarget: field }) => (key === 'Escape' || (key === 'Enter' && field.form === null)) && field.blur()}
      className={`${BOX} w-52 placeholder:text-quiet max-md:w-full`}
    />
  )
}

interface WordsFieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Several lines of a person's words. */
export function WordsField({ label, hint, value, onChange }: WordsFieldProps) {
  return (
    <label className="flex flex-col gap-1">
      <span className="text-sm font-medium">{label}</span>
      {hint && <span className="text-sm text-muted">{hint}</span>}
      <textarea
        rows={5}
        required
        maxLength={20_000}
        title="Send it: Ctrl or ⌘ Enter"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.key === 'Enter' && event.currentTarget.form?.requestSubmit()}
        className="rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-base"
      />
    </label>
  )
}

import { type InputHTMLAttributes, useId } from 'react'

interface TextFieldProps extends Pick<InputHTMLAttributes<HTMLInputElement>, 'name' | 'required' | 'pattern' | 'minLength' | 'maxLength' | 'type' | 'title'> {
  readonly label: string
  readonly hint?: string
  /** Words that are offered; others may be typed. */
  readonly offers?: readonly string[]
}

/** A line of text in a form. */
export function TextField({ label, hint, offers, required = false, ...rest }: TextFieldProps) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {!required && <span className="font-normal text-quiet"> (may be empty)</span>}
      </label>
      {hint && (
        <span id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </span>
      )}
      <input
        {...rest}
        id={id}
        required={required}
        autoComplete="off"
        aria-describedby={hint && `${id}-hint`}
        list={offers && `${id}-offers`}
        className="min-h-9 rounded-md border border-line-strong bg-raised px-2.5 text-base"
      />
      {offers && (
        <datalist id={`${id}-offers`}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      )}
    </div>
  )
}

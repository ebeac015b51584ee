import type { Scope } from './settings.ts'

const MEANINGS: Readonly<Record<Scope, string>> = {
  read: 'look at everything but keys and tokens',
  decide: 'approve, reject, ask for changes, cancel, stop',
  admin: 'keys, tokens, models, GitHub',
  upload: 'source maps, from a build',
}

/** What somebody may do. No right contains another. */
export function ScopesField({ offered }: { readonly offered: readonly Scope[] }) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">May</legend>
      {offered.map((scope) => (
        <label key={scope} className="flex min-h-6 items-center gap-2 text-sm">
          <input type="checkbox" name="scopes" value={scope} defaultChecked={scope === 'read'} className="size-4 accent-accent" />
          <b className="font-medium">{scope}</b>
          <span className="text-muted">{MEANINGS[scope]}</span>
        </label>
      ))}
    </fieldset>
  )
}

export function scopesIn(given: FormData): Scope[] {
  const scopes = given.getAll('scopes').filter((scope): scope is Scope => typeof scope === 'string' && scope in MEANINGS)
  if (scopes.length === 0) throw new Error('Choose at least one right')
  return scopes
}

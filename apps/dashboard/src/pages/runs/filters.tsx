import { useEffect, useState } from 'react'
import { useKey } from '../../shell/keyboard.tsx'
import { SearchField, Select } from '../../ui/field.tsx'
import { OUTCOMES, PHASES } from '../../ui/run-words.tsx'
import { TermOptions, termNamed } from '../../ui/terms.tsx'
import type { ListedRun } from './run-pages.ts'
import type { RunsSearch } from './search.ts'

const FIELD = 'runs-text'
/** Somebody who types is not done yet. */
const TYPING_MS = 250

interface FiltersProps {
  readonly search: RunsSearch
  /** What there is to choose from. */
  readonly runs: readonly ListedRun[]
  readonly onChange: (changed: { readonly [Name in keyof RunsSearch]?: RunsSearch[Name] | undefined }) => void
}

export function Filters({ search, runs, onChange }: FiltersProps) {
  useKey('/', 'Search', () => document.getElementById(FIELD)?.focus())
  const [typed, setTyped] = useState(search.text ?? '')
  useEffect(() => setTyped(search.text ?? ''), [search.text])
  useEffect(() => {
    if (typed === (search.text ?? '')) return
    const timer = setTimeout(() => onChange({ text: typed || undefined }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, search.text, onChange])
  const options = (name: 'repository' | 'source') =>
    [...new Set([search[name], ...runs.map(({ owner }) => owner?.[name])])].filter((value) => value !== undefined)
  return (
    <search className="flex flex-wrap items-center gap-2 [&_select]:max-w-44">
      <SearchField id={FIELD} label="Search titles" value={typed} onChange={setTyped} />
      <Select label="Phase" value={search.phase ?? ''} onChange={(phase) => onChange({ phase: termNamed(PHASES, phase) })}>
        <option value="">Any phase</option>
        <TermOptions terms={PHASES} />
      </Select>
      <Select label="Outcome" value={search.outcome ?? ''} onChange={(outcome) => onChange({ outcome: termNamed(OUTCOMES, outcome) })}>
        <option value="">Any outcome</option>
        <TermOptions terms={OUTCOMES} />
      </Select>
      <Select
        label="Waiting"
        value={search.awaiting ?? ''}
        onChange={(awaiting) => onChange({ awaiting: (['yes', 'no'] as const).find((each) => each === awaiting) })}
      >
        <option value="">Waiting or not</option>
        <option value="yes">Waits for people</option>
        <option value="no">Waits for nobody</option>
      </Select>
      {(['repository', 'source'] as const).map((name) => (
        <Select key={name} label={name} value={search[name] ?? ''} onChange={(value) => onChange({ [name]: value || undefined })}>
          <option value="">{name === 'repository' ? 'All repositories' : 'All sources'}</option>
          {options(name)
            .sort()
            .map((value) => (
              <option key={value}>{value}</option>
            ))}
        </Select>
      ))}
    </search>
  )
}

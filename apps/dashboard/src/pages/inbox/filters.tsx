import { useKey } from '../../shell/keyboard.tsx'
import { SearchField, Select } from '../../ui/field.tsx'
import type { ListedProposal } from './kept-rows.ts'
import type { InboxSearch } from './search.ts'

const FIELD = 'inbox-text'

interface FiltersProps {
  readonly search: InboxSearch
  /** What there is to choose from. */
  readonly proposals: readonly ListedProposal[]
  readonly onChange: (changed: Partial<Record<keyof InboxSearch, string | undefined>>) => void
}

export function Filters({ search, proposals, onChange }: FiltersProps) {
  useKey('/', 'Search', () => document.getElementById(FIELD)?.focus())
  const options = (name: 'repository' | 'source') =>
    [...new Set([search[name], ...proposals.map((each) => each[name])])].filter((value) => value !== undefined).sort()
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField id={FIELD} label="Search" value={search.text ?? ''} onChange={(text) => onChange({ text: text || undefined })} />
      {(['repository', 'source'] as const).map((name) => (
        <Select key={name} label={name} value={search[name] ?? ''} onChange={(value) => onChange({ [name]: value || undefined })}>
          <option value="">{name === 'repository' ? 'All repositories' : 'All sources'}</option>
          {options(name).map((value) => (
            <option key={value}>{value}</option>
          ))}
        </Select>
      ))}
      <Select label="Evidence" value={search.strength ?? ''} onChange={(strength) => onChange({ strength: strength || undefined })}>
        <option value="">Any evidence</option>
        {['verified', 'implicit', 'choice', 'suggestion'].map((strength) => (
          <option key={strength}>{strength}</option>
        ))}
      </Select>
      <Select label="Order" value={search.sort ?? ''} onChange={(sort) => onChange({ sort: sort || undefined })}>
        <option value="">By risk</option>
        <option value="age">By age</option>
      </Select>
    </search>
  )
}

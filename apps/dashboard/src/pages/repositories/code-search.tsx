import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { CodeLines } from '../../code/code-lines.tsx'
import { PlaceLink } from '../../code/place-link.tsx'
import { useKey } from '../../shell/keyboard.tsx'
import { several } from '../../ui/amounts.ts'
import { Button } from '../../ui/button.tsx'
import { SearchField, Select } from '../../ui/field.tsx'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { Answer } from '../../ui/states.tsx'
import { codeQuery, type FoundCode } from './repositories.ts'
import { KINDS, type Kind, type RepositoriesSearch } from './search.ts'

const FIELD = 'find-code'

interface CodeSearchProps {
  readonly names: readonly string[]
  readonly search: RepositoriesSearch
  readonly onSearch: (search: RepositoriesSearch) => void
}

/** Looks through the code of one repository, on its default branch. */
export function CodeSearch({ names, search: { find = '', in: wanted, kind = 'text' }, onSearch }: CodeSearchProps) {
  const repository = wanted !== undefined && names.includes(wanted) ? wanted : (names[0] ?? '')
  const [words, setWords] = useState(find)
  useKey('/', 'Search the code', () => document.getElementById(FIELD)?.focus())
  const look = (changed: RepositoriesSearch) => onSearch({ find: words.trim(), in: repository, kind, ...changed })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    look({})
  }
  return (
    <Panel title="Code" about="On the default branch. Files that their owner keeps from models are left out.">
      <form onSubmit={submit} className="flex flex-wrap items-center gap-2 px-4 py-3">
        <Select label="Repository" value={repository} onChange={(chosen) => look({ in: chosen })}>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
        <Select label="What to look for" value={kind} onChange={(chosen) => look({ kind: chosen as Kind })}>
          {KINDS.map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </Select>
        <SearchField id={FIELD} label="Search the code" value={words} onChange={setWords} />
        <Button type="submit">Search</Button>
      </form>
      {find.length === 1 && <PanelText>Two letters at least.</PanelText>}
      {find.length > 1 && <Results repository={repository} kind={kind} find={find} />}
    </Panel>
  )
}

function Results(wanted: { readonly repository: string; readonly kind: Kind; readonly find: string }) {
  const query = useQuery(codeQuery(wanted))
  return (
    <div className="border-t border-line">
      <Answer query={query} what="the code; a repository that is fetched for the first time takes a while">
        {({ places, commit, more }) => (
          <>
            <p role="status" className="px-4 pt-3 text-sm text-muted">
              {places.length === 0
                ? `Nothing in ${wanted.repository}`
                : `${several(places.length, 'place')}${more ? ', and more: ask for something narrower' : ''}`}
              {', at '}
              <code title={commit}>{commit.slice(0, 8)}</code>
            </p>
            <ol aria-label="Places in the code" className="flex flex-col gap-3 px-4 py-3">
              {places.map((place) => (
                <Found key={`${place.path}:${place.lines[0]}`} place={place} />
              ))}
            </ol>
          </>
        )}
      </Answer>
    </div>
  )
}

function Found({ place }: { readonly place: FoundCode }) {
  const { path, lines, text, within } = place
  const [first = 1] = lines
  return (
    <li className="flex flex-col gap-1 text-sm">
      <p>
        <PlaceLink {...place} />
        {within && (
          <span className="text-muted">
            {' '}
            in <code>{within}</code>
          </span>
        )}
      </p>
      <CodeLines path={path} first={first} text={text} />
    </li>
  )
}

import { useId } from 'react'
import { CodeLines } from '../code/code-lines.tsx'
import { PlaceLink } from '../code/place-link.tsx'
import { count, dollars } from '../ui/amounts.ts'
import { More } from '../ui/section.tsx'
import { Refused } from '../ui/states.tsx'
import type { Answer, Question } from './questions.ts'

/** One question, and how far its answer is. */
export function Asked({ question: { question, looked, words, state, answer, refusal } }: { readonly question: Question }) {
  return (
    <li className="flex flex-col gap-2">
      <p className="font-medium break-words whitespace-pre-wrap">{question}</p>
      <div role="status" className="text-sm text-quiet">
        {state === 'under way' && (looked.length === 0 ? 'It is being asked…' : `It ${looked.at(-1)}…`)}
        {state === 'cancelled' && 'Cancelled. What was spent until then is counted.'}
      </div>
      {state === 'under way' && words !== '' && <p className="border-l-2 border-line pl-3 text-sm break-words whitespace-pre-wrap text-muted">{words}</p>}
      {refusal !== undefined && <Refused error={refusal} what="the answer" />}
      {answer !== undefined && <Answered answer={answer} />}
      {state !== 'under way' && looked.length > 0 && (
        <More summary={`What it looked at (${looked.length})`}>
          <ul className="text-sm text-muted">
            {looked.map((each, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what was looked at never changes
              <li key={index} className="break-words">
                {each}
              </li>
            ))}
          </ul>
        </More>
      )}
    </li>
  )
}

function Answered({ answer: { text, places, model, spent } }: { readonly answer: Answer }) {
  const anchor = useId()
  return (
    <div className="flex flex-col gap-3 rounded-md border border-dashed border-line-strong px-4 py-3">
      <p className="text-xs text-quiet">
        Words of {model}, not evidence · {spent.money > 0 ? `${dollars(spent.money)}, ` : ''}
        {count(spent.tokens)} tokens
      </p>
      <p className="break-words whitespace-pre-wrap">{text === undefined ? 'It gave no answer.' : <Linked text={text} places={places} anchor={anchor} />}</p>
      {places.length > 0 && (
        <ul aria-label="Lines that it rests on" className="flex flex-col gap-3 text-sm">
          {places.map((place, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the places of an answer never change
            <li key={index} id={`${anchor}${index}`} className="flex scroll-mt-28 flex-col gap-1">
              <p className="break-words">
                <PlaceLink {...place} /> <span className="text-muted">{place.why}</span>
              </p>
              <CodeLines path={place.path} first={place.lines[0]} text={place.text} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Its words as they are; where they name a file whose lines are shown below, they lead there. No other word becomes a link. */
function Linked({ text, places, anchor }: { readonly text: string; readonly places: Answer['places']; readonly anchor: string }) {
  const paths = [...new Set(places.map(({ path }) => path))].sort((one, other) => other.length - one.length)
  if (paths.length === 0) return text
  const named = new RegExp(`(${paths.map((path) => `${path.replace(/[^\w/]/g, '\\$&')}(?::\\d+)?`).join('|')})`)
  return text.split(named).map((part, index) => {
    const place = index % 2 === 1 ? placeOf(part, places) : -1
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text never change places
    if (place < 0) return <span key={index}>{part}</span>
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text never change places
      <a key={index} href={`#${anchor}${place}`} className="text-link underline">
        {part}
      </a>
    )
  })
}

/** The place that holds the line which is named; the first of its file otherwise. */
function placeOf(named: string, places: Answer['places']): number {
  const [, path, line] = /^(.*?)(?::(\d+))?$/s.exec(named) ?? []
  const exact = places.findIndex((each) => each.path === path && line !== undefined && each.lines[0] <= Number(line) && Number(line) <= each.lines[1])
  return exact >= 0 ? exact : places.findIndex((each) => each.path === path)
}

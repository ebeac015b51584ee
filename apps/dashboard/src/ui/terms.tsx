import { Chip, type Tone } from './chip.tsx'

/** A state as people read it: its word, the colour that repeats it, and what it means. */
export interface Term {
  readonly words: string
  readonly tone: Tone
  readonly means: string
}

type Worded = Readonly<Record<string, Pick<Term, 'words'>>>

/** `also`: why, in this case. `moving`: it will soon be another. */
export function TermChip({ term, also, moving = false }: { readonly term: Term; readonly also?: string | undefined; readonly moving?: boolean }) {
  return (
    <Chip tone={term.tone} title={[term.means, also].filter(Boolean).join(' ')}>
      {moving && <Moving />}
      {term.words}
    </Chip>
  )
}

export function Moving() {
  return <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-accent" />
}

/** One of them each, for a choice. */
export function TermOptions({ terms }: { readonly terms: Worded }) {
  return Object.entries(terms).map(([state, { words }]) => (
    <option key={state} value={state}>
      {words}
    </option>
  ))
}

/** Which of them an address, or a choice, names. */
export function termNamed<Terms extends Worded>(terms: Terms, name: unknown): keyof Terms | undefined {
  return typeof name === 'string' && Object.hasOwn(terms, name) ? name : undefined
}

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { modelsQuery } from '../api/models.ts'
import { sessionQuery } from '../api/session.ts'
import { useKey } from '../shell/keyboard.tsx'
import { dollars, tokens } from '../ui/amounts.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/section.tsx'
import { Asked } from './asked.tsx'
import { useAsking } from './questions.ts'

const FIELD = 'question'

/** A question in plain words about a run, answered by the configured model. Where there is none, nothing is offered. */
export function Ask({ run }: { readonly run: string }) {
  const { data: models } = useQuery(modelsQuery)
  if (models?.answers === undefined) return null
  const { model, atMost } = models.answers
  const most = [atMost.money !== undefined && dollars(atMost.money), atMost.tokens !== undefined && `${tokens(atMost.tokens)} tokens`].filter(Boolean)
  return (
    <Section title="Ask" id="ask" aside="words, not evidence">
      <p className="text-sm text-muted">
        {model} answers from the journal, what was looked at, and the code. It proves nothing, and changes nothing.
        {most.length > 0 && ` A question takes at most ${most.join(' and ')}.`}
      </p>
      <Questions run={run} />
    </Section>
  )
}

function Questions({ run }: { readonly run: string }) {
  const { data: session } = useQuery(sessionQuery)
  const { questions, underWay, ask, cancel } = useAsking(run)
  const [words, setWords] = useState('')
  useKey('w', 'Ask a question', () => document.getElementById(FIELD)?.focus())
  const refusal = session?.scopes.includes('decide')
    ? underWay && 'One question at a time'
    : 'You may look, and not ask: a question spends money, which needs the scope “decide”.'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (refusal !== undefined || words.trim() === '') return
    ask(words.trim())
    setWords('')
  }
  return (
    <>
      {questions.length > 0 && (
        <ol aria-label="Questions and answers" className="flex flex-col gap-4">
          {questions.map((question) => (
            <Asked key={question.id} question={question} />
          ))}
        </ol>
      )}
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <textarea
          id={FIELD}
          aria-label="Question"
          aria-keyshortcuts="w"
          title="Ask a question (w); send it: Ctrl or ⌘ Enter"
          placeholder="Why not fix it in the caller? (w)"
          rows={2}
          maxLength={2000}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') event.currentTarget.form?.requestSubmit()
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          className="min-w-60 flex-1 rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-base placeholder:text-quiet"
        />
        {underWay === undefined ? (
          <Button type="submit" refusal={refusal} className="min-h-9">
            Ask
          </Button>
        ) : (
          <Button label="Ask no more: what was spent until now is counted" className="min-h-9" onClick={cancel}>
            Cancel
          </Button>
        )}
      </form>
      {refusal !== undefined && underWay === undefined && <p className="text-xs text-quiet">{refusal}</p>}
    </>
  )
}

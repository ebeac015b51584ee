import { useEffect, useReducer, useRef } from 'react'
import { api } from '../api/client.ts'
import { streamedEvents } from '../api/event-stream.ts'
import { ApiProblem, answerOf } from '../api/problem.ts'

export interface Place {
  readonly path: string
  readonly lines: readonly [number, number]
  readonly text: string
  readonly why: string
  readonly url?: string
}

export interface Answer {
  readonly text?: string
  readonly places: readonly Place[]
  readonly model: string
  readonly spent: { readonly money: number; readonly tokens: number }
}

/** A question and how far its answer is. */
export interface Question {
  readonly id: number
  readonly question: string
  /** What the model has looked at so far. */
  readonly looked: readonly string[]
  /** What it said on the way. */
  readonly words: string
  readonly state: 'under way' | 'answered' | 'refused' | 'cancelled'
  readonly answer?: Answer
  readonly refusal?: Error
}

const LOOKING: Readonly<Record<string, string>> = {
  search_code: 'searches for',
  read_file: 'reads',
  find_definition: 'looks for what defines',
  find_references: 'looks for what uses',
}

interface Asking {
  readonly questions: readonly Question[]
  /** One at a time: undefined while nothing is under way. */
  readonly underWay: Question | undefined
  ask(question: string): void
  cancel(): void
}

/** The questions of this visit about one run. Whoever leaves the page takes back what is under way. */
export function useAsking(run: string): Asking {
  const [questions, tell] = useReducer(told, [])
  const leaving = useRef<AbortController>(undefined)
  useEffect(() => () => leaving.current?.abort(), [])
  const underWay = questions.find(({ state }) => state === 'under way')
  return {
    questions,
    underWay,
    ask(question) {
      const id = questions.length + 1
      const stop = new AbortController()
      leaving.current = stop
      tell({ id, question, looked: [], words: '', state: 'under way' })
      asked(run, question, stop.signal, (change) => tell({ id, change })).catch((cause: unknown) => {
        if (stop.signal.aborted) tell({ id, change: () => ({ state: 'cancelled' }) })
        else tell({ id, change: () => ({ state: 'refused', refusal: cause instanceof Error ? cause : new Error('It failed') }) })
      })
    },
    cancel: () => leaving.current?.abort(),
  }
}

type Change = (before: Question) => Partial<Question>

function told(questions: readonly Question[], news: Question | { readonly id: number; readonly change: Change }): readonly Question[] {
  if (!('change' in news)) return [...questions, news]
  return questions.map((each) => (each.id === news.id ? { ...each, ...news.change(each) } : each))
}

async function asked(run: string, question: string, signal: AbortSignal, tell: (change: Change) => void): Promise<void> {
  const body = await answerOf(api.POST('/api/runs/{run}/questions', { params: { path: { run } }, body: { question }, parseAs: 'stream', signal }))
  for await (const { event, data } of streamedEvents(body as unknown as ReadableStream<Uint8Array>)) {
    switch (event) {
      case 'looking': {
        const { tool, at } = data as { tool: string; at: string }
        tell(({ looked }) => ({ looked: [...looked, `${LOOKING[tool] ?? tool} ${at}`] }))
        break
      }
      case 'words':
        tell(({ words }) => ({ words: words + (data as { text: string }).text }))
        break
      case 'answer':
        return tell(() => ({ state: 'answered', answer: data as Answer }))
      case 'refused':
        throw new ApiProblem(200, data as { title: string; hint: string })
    }
  }
  throw new ApiProblem(0, { title: 'The connection broke before the answer was whole', hint: 'Ask again; what was spent is counted.' })
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import { answerOf } from '../api/problem.ts'
import { keys } from '../api/queries.ts'
import { endedQuery, signInQuery } from '../api/session.ts'
import { Button } from '../ui/button.tsx'

/** For somebody who is not signed in: how to get a link, and where to put it. */
export function SignIn() {
  const client = useQueryClient()
  const host = useQuery(signInQuery).data?.host
  const { data: ended } = useQuery(endedQuery)
  const [refusal, setRefusal] = useState<string>()
  const signIn = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const link = linkIn(String(new FormData(event.currentTarget).get('link')))
    if (link === undefined) return setRefusal('That is no login link: it ends in “?link=” and a long word.')
    try {
      const session = await answerOf(api.POST('/api/session', { body: { link } }))
      client.removeQueries({ queryKey: keys.ended })
      client.setQueryData(keys.session, session)
    } catch (cause) {
      setRefusal(cause instanceof Error ? cause.message : 'It failed')
    }
  }
  useEffect(() => {
    document.title = 'Sign in · Fixpoint'
  }, [])
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 px-5">
      <img src="/favicon.svg" alt="" width={36} height={36} />
      <h1 className="text-xl font-semibold tracking-tight">Sign in to Fixpoint</h1>
      {ended !== undefined && (
        <div role="alert" className="flex flex-col gap-1 rounded-md bg-warn-soft px-3 py-2 text-sm wrap-anywhere text-warn">
          <p className="font-medium">{ended.detail}.</p>
          <p>{ended.hint}</p>
        </div>
      )}
      {host !== undefined && (
        <a
          href="/login/github"
          className="inline-flex min-h-10 items-center justify-center rounded-md bg-accent px-4 font-medium text-on-accent hover:bg-accent-strong"
        >
          Sign in with {host === 'github.com' ? 'GitHub' : host}
        </a>
      )}
      <p className="text-muted">
        {host === undefined ? 'On' : 'Or by a link: on'} the machine where Fixpoint runs, ask for a link. It opens the dashboard once, in the browser that
        follows it first.
      </p>
      <pre className="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 text-sm">fixpoint login</pre>
      <form onSubmit={(event) => void signIn(event)} className="flex flex-col gap-2">
        <label htmlFor="link" className="text-sm font-medium">
          Have a link? Open it, or paste it here
        </label>
        <div className="flex gap-2">
          <input
            id="link"
            name="link"
            autoComplete="off"
            required
            aria-invalid={refusal !== undefined}
            aria-describedby="link-refusal"
            className="min-h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-raised px-2.5"
          />
          <Button look="primary" type="submit" className="min-h-9">
            Sign in
          </Button>
        </div>
        <p id="link-refusal" role="alert" className="min-h-5 text-sm text-bad">
          {refusal}
        </p>
      </form>
    </main>
  )
}

function linkIn(typed: string): string | undefined {
  return /(?:^|[?&]link=)([\w-]{20,200})$/.exec(typed.trim())?.[1]
}

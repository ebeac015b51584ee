import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { ViewType } from 'react-diff-view'
import { detailsQuery } from '../../api/details.ts'
import { keys } from '../../api/queries.ts'
import { Ask } from '../../ask/ask.tsx'
import { DiffFiles } from '../../diff/diff-files.tsx'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Attempts } from './attempts.tsx'
import { DecisionBar, useRefusal } from './decision-bar.tsx'
import { Evidence } from './evidence.tsx'
import { Excerpts } from './excerpts.tsx'
import { Facts, Standing } from './facts.tsx'
import { Gates } from './gates.tsx'
import { PatchEditor } from './patch-editor.tsx'
import { certificateOf, type Decision, proposalQuery, type ShownProposal } from './proposal.ts'
import { RefusedEdit } from './refused-edit.tsx'
import { RootCause } from './root-cause.tsx'
import { proposalSearch } from './search.ts'
import { SecondReader } from './second-reader.tsx'

export const Page = createLazyRoute('/proposals/$run')({ component: Proposal })

const Markdown = lazy(async () => ({ default: (await import('../../ui/markdown.tsx')).Markdown }))
const DECIDED = {
  approve: 'Approved: it is being published.',
  'request-changes': 'Told: another attempt is made.',
  edit: 'Told: your patch is judged. Until it has passed every gate, this one stands.',
  reject: 'Rejected: the run ends.',
} as const

function Proposal() {
  const { run } = Page.useParams()
  const query = useQuery(proposalQuery(run))
  return (
    <Answer query={query} what="the proposal">
      {(latest) => <Review key={run} latest={latest} />}
    </Answer>
  )
}

/** What was shown first stays until its reader wants the new one: a decision is about what they read. */
function Review({ latest }: { readonly latest: ShownProposal }) {
  const client = useQueryClient()
  const [shown, setShown] = useState(latest)
  const [decided, setDecided] = useState<{ readonly decision: Decision | 'edit'; readonly proposal: string }>()
  const changed = latest.proposal !== shown.proposal
  const proposal = changed ? shown : latest
  const refusal = useRefusal(proposal, changed)
  const lookAgain = async () => setShown(await client.fetchQuery({ ...proposalQuery(latest.run), staleTime: 0 }))
  const tell = (decision: Decision | 'edit') => {
    setDecided({ decision, proposal: proposal.proposal })
    for (const queryKey of [keys.proposals, keys.proposal(latest.run)]) void client.invalidateQueries({ queryKey })
  }
  return (
    <>
      <div className="sticky top-0 z-10 bg-canvas max-md:top-12">
        <PageHeader title={<span className="break-words">{proposal.title}</span>} tab={proposal.title}>
          <DecisionBar proposal={proposal} refusal={refusal} onDecided={tell} onLookAgain={() => void lookAgain()} />
        </PageHeader>
        <div role="status" className="text-sm">
          {changed && (
            <p className="flex flex-wrap items-center gap-2 border-b border-line bg-warn-soft px-4 py-1.5 text-warn md:px-6">
              The proposal has changed since you opened it.
              <Button onClick={() => void lookAgain()}>Look again</Button>
            </p>
          )}
          <RefusedEdit run={latest.run} />
          {decided?.proposal === proposal.proposal && !changed && (
            <p className="border-b border-line bg-good-soft px-4 py-1.5 text-good md:px-6">
              {DECIDED[decided.decision]}{' '}
              <Link to="/" className="underline">
                To the inbox
              </Link>
            </p>
          )}
        </div>
      </div>
      <Substance key={proposal.proposal} proposal={proposal} refusal={refusal} onEdited={() => tell('edit')} />
    </>
  )
}

interface SubstanceProps {
  readonly proposal: ShownProposal
  /** Why it cannot be edited now. */
  readonly refusal: string | undefined
  readonly onEdited: () => void
}

function Substance({ proposal, refusal, onEdited }: SubstanceProps) {
  const [editing, setEditing] = useState(false)
  const { file, view = 'unified' } = Page.useSearch()
  const navigate = useNavigate({ from: '/proposals/$run' })
  const details = useQuery(detailsQuery(proposal.run))
  const certificate = useMemo(() => certificateOf(proposal), [proposal])
  const choose = (changed: { file?: string; view?: ViewType }) =>
    void navigate({ search: (before) => proposalSearch({ ...before, ...changed }), replace: true, resetScroll: false })
  const showFile = (path: string) => {
    choose({ file: path })
    const found = [...document.querySelectorAll<HTMLElement>('[data-file]')].find((each) => each.dataset.file === path)
    found?.scrollIntoView({ block: 'start' })
    found?.focus({ preventScroll: true })
  }
  return (
    <div className="grid gap-x-8 gap-y-6 px-4 py-5 max-md:pb-20 md:px-6 xl:grid-cols-[minmax(0,1fr)_280px]">
      <div className="flex min-w-0 flex-col gap-7">
        <div className="xl:hidden">
          <Standing proposal={proposal} />
        </div>
        {proposal.question && (
          <Section title="One question">
            <div className="rounded-md border border-warn bg-warn-soft px-4 py-3">
              <Suspense>
                <Markdown text={proposal.question} />
              </Suspense>
            </div>
          </Section>
        )}
        <RootCause proposal={proposal} certificate={certificate} dossier={details.data?.dossier} onFile={showFile} />
        <Evidence certificate={certificate} />
        {editing ? (
          <Section title="Edit the patch">
            <PatchEditor
              proposal={proposal}
              onClose={() => setEditing(false)}
              onTold={() => {
                setEditing(false)
                onEdited()
              }}
            />
          </Section>
        ) : (
          <Section
            title="Patch"
            aside={
              <Button look="ghost" label="Edit it, and have it judged again" hotkey="E" refusal={refusal} onClick={() => setEditing(true)}>
                Edit
              </Button>
            }
          >
            <DiffFiles
              patch={proposal.patch}
              digest={proposal.proposal}
              view={view}
              onView={(chosen) => choose({ view: chosen })}
              file={file}
              onFile={(path) => choose({ file: path })}
            />
          </Section>
        )}
        <Gates gates={proposal.gates} />
        <SecondReader certificate={certificate} />
        <Answer query={details} what="the attempts">
          {({ attempts, dossier }) => (
            <>
              <Attempts attempts={attempts} />
              {dossier && <Excerpts dossier={dossier} />}
            </>
          )}
        </Answer>
        <Ask run={proposal.run} />
      </div>
      <aside aria-label="Facts" className="flex flex-col gap-4 text-sm xl:sticky xl:top-20 xl:self-start">
        <div className="max-xl:hidden">
          <Standing proposal={proposal} />
        </div>
        <Facts proposal={proposal} />
      </aside>
    </div>
  )
}

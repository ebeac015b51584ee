import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Size } from '../../diff/size.tsx'
import { CopyButton, Id } from '../../ui/copy.tsx'
import { Cost, RiskChip, StrengthChip, strengthMeans } from '../../ui/proposal-words.tsx'
import { Time } from '../../ui/time.tsx'
import { checkoutCommand, type ShownProposal, VERIFY_COMMAND } from './proposal.ts'
import { PullFacts } from './pull-facts.tsx'

interface FactsProps {
  readonly proposal: ShownProposal
}

/** What the evidence amounts to, and why to look twice. */
export function Standing({ proposal: { strength, risks } }: FactsProps) {
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <p className="text-muted">
        <StrengthChip strength={strength} /> <span className="align-middle">{strengthMeans(strength)}</span>
      </p>
      {risks.length > 0 && (
        <ul aria-label="Risks" className="flex flex-col gap-1">
          {risks.map(({ kind, words }) => (
            <li key={kind} className="flex items-baseline gap-2">
              <RiskChip kind={kind} words={words} />
              <span className="text-muted">{words}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** What there is to know beside the text. */
export function Facts({ proposal }: FactsProps) {
  const { run, repository, source, drafter, branch, base, pull, spent, files, openedAt, updatedAt } = proposal
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 gap-y-1">
        {repository && <Fact name="Repository">{repository}</Fact>}
        {source && <Fact name="Source">{source}</Fact>}
        <Fact name="Lane">{drafter}</Fact>
        <Fact name="Size">
          {files.length} {files.length === 1 ? 'file' : 'files'} <Size files={files} />
        </Fact>
        <Fact name="Cost">
          <Cost spent={spent} />
        </Fact>
        <Fact name="Opened">
          <Time at={openedAt} />
        </Fact>
        <Fact name="Changed">
          <Time at={updatedAt} />
        </Fact>
        <Fact name="Run">
          <Link to="/runs/$run" params={{ run }} className="text-link hover:underline">
            Open
          </Link>{' '}
          <Id value={run} what="the id of the run" />
        </Fact>
        <Fact name="Base">
          <Id value={base} what="the base commit" />
        </Fact>
        <Fact name="Branch">
          <span className="flex items-center">
            <code className="truncate" title={branch}>
              {branch}
            </code>
            <CopyButton text={branch} label="Copy the branch" />
          </span>
        </Fact>
        <Fact name="Pull request">{pull === undefined ? 'none yet' : pull.url ? <PullLink number={pull.number} url={pull.url} /> : `#${pull.number}`}</Fact>
      </dl>
      {pull && <PullFacts proposal={proposal} />}
      <Command words="Get it" command={checkoutCommand(proposal)} />
      <Command words="Prove it again" command={VERIFY_COMMAND} />
    </>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-quiet">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function PullLink({ number, url }: { readonly number: number; readonly url: string }) {
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" className="text-link hover:underline">
      #{number}
    </a>
  )
}

function Command({ words, command }: { readonly words: string; readonly command: string }) {
  return (
    <div>
      <h2 className="text-xs font-medium text-quiet">{words}</h2>
      <div className="flex items-start gap-1">
        <code className="min-w-0 flex-1 break-all text-xs">{command}</code>
        <CopyButton text={command} label={`Copy: ${words}`} />
      </div>
    </div>
  )
}

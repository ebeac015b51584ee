import type { Certificate } from '@fixpoint/core'
import type { Details } from '../../api/details.ts'
import { InlineCode } from '../../ui/inline-code.tsx'
import { Section } from '../../ui/section.tsx'
import type { ShownProposal } from './proposal.ts'

type Suspect = NonNullable<Details['dossier']>['suspects'][number]

interface RootCauseProps {
  readonly proposal: ShownProposal
  readonly certificate: Certificate
  /** Undefined while it is asked for, and when it has expired. */
  readonly dossier: Details['dossier']
  readonly onFile: (path: string) => void
}

/** What is wrong, where, and what the patch does about it, in a few lines. */
export function RootCause({ proposal, certificate: { patch, reproduction }, dossier, onFile }: RootCauseProps) {
  const changed = new Set(proposal.files.map(({ path }) => path))
  const suspects = [...(dossier?.suspects ?? [])].sort((one, other) => Number(changed.has(other.path)) - Number(changed.has(one.path)))
  const { errorType, message } = reproduction.failure
  return (
    <Section title="Root cause">
      <p className="break-words">
        <span className="font-medium">
          <InlineCode text={sentence(patch.origin.summary)} />
        </span>{' '}
        {patch.origin.symptomOnly && (
          <span className="text-warn">This is a symptom fix: it keeps the error from surfacing, and does not say why the value was wrong.</span>
        )}
      </p>
      <p className="break-words text-muted">
        Reproduced as{' '}
        <code className="text-text">
          {errorType ? `${errorType}: ` : ''}
          {message.split('\n')[0]}
        </code>
      </p>
      {suspects.length > 0 && (
        <ol className="flex flex-col gap-1.5 text-sm">
          {suspects.slice(0, 4).map((suspect) => (
            <li key={`${suspect.path}:${suspect.lines[0]}`} className="break-words">
              <Place suspect={suspect} changed={changed.has(suspect.path)} onFile={onFile} />
              <span className="text-muted">
                {' '}
                <InlineCode text={suspect.why.map(({ evidence }) => evidence).join('; ')} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

/** To the lines: in the patch where it changes them, among the excerpts elsewhere. */
function Place({
  suspect: { path, lines, hotLine, function: name },
  changed,
  onFile,
}: {
  readonly suspect: Suspect
  readonly changed: boolean
  readonly onFile: (path: string) => void
}) {
  const words = (
    <>
      <code className="break-all">
        {path}:{hotLine ?? lines[0]}
      </code>
      {name && (
        <>
          {' '}
          in <code>{name}</code>
        </>
      )}
    </>
  )
  const look = 'text-left text-link underline decoration-transparent hover:decoration-current'
  return changed ? (
    <button type="button" className={look} title="Show it in the patch" onClick={() => onFile(path)}>
      {words}
    </button>
  ) : (
    <a href={`#${excerptAnchor(path)}`} title="Show the excerpt" className={look}>
      {words}
    </a>
  )
}

/** Where the excerpts of a file begin. */
export function excerptAnchor(path: string): string {
  return `excerpts-${path.replace(/[^\w]+/g, '-')}`
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1).replace(/\.$/, '')}.`
}

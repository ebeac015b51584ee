import { Chip } from '../../ui/chip.tsx'
import { Scrolling, Section } from '../../ui/section.tsx'
import type { Details } from './run.ts'

type Dossier = NonNullable<Details['dossier']>
type Why = Dossier['suspects'][number]['why']

/** What was chosen to be known before drafting, and why each part of it. */
export function DossierFacts({ dossier: { suspects, excerpts, relatedTests, history, excluded, tokens } }: { readonly dossier: Dossier }) {
  return (
    <>
      <Section title="Suspects">
        <Suspects suspects={suspects} />
      </Section>
      {excerpts.length > 0 && (
        <Section title="Excerpts" aside={<span className="text-xs text-quiet">{tokens.toLocaleString('en')} tokens</span>}>
          <ul className="flex flex-col gap-1">
            {excerpts.map(({ path, lines, role, text, why }) => (
              <li key={`${path}:${lines[0]}`} className="rounded-md border border-line">
                <details>
                  <summary className="flex flex-wrap items-center gap-2 px-2.5 py-1.5 text-sm hover:bg-hover">
                    <Place path={path} lines={lines} />
                    <Chip>{role}</Chip>
                    <Reasons why={why} />
                  </summary>
                  <Scrolling label={`Lines of ${path}`} look="max-h-96 overflow-auto border-t border-line bg-sunken px-3 py-2">
                    <pre className="text-xs/5">{text}</pre>
                  </Scrolling>
                </details>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {relatedTests.length > 0 && (
        <Section title="Related tests">
          <ul className="flex flex-col gap-1 text-sm">
            {relatedTests.map(({ path, why }) => (
              <li key={path} className="flex flex-wrap gap-x-2">
                <code className="break-all">{path}</code>
                <Reasons why={why} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {history.length > 0 && (
        <Section title="History">
          <ul className="flex flex-col gap-1 text-sm">
            {history.map(({ commit, subject }) => (
              <li key={commit} className="break-words">
                <code className="text-quiet">{commit.slice(0, 8)}</code> {subject}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {excluded.length > 0 && (
        <p className="text-xs text-quiet">
          Left out: {excluded.map(({ rule, files }) => `${files} ${files === 1 ? 'file' : 'files'} by “${rule}”`).join(', ')}.
        </p>
      )}
    </>
  )
}

export function Suspects({ suspects }: { readonly suspects: Dossier['suspects'] }) {
  if (suspects.length === 0) return <p className="text-sm text-quiet">None.</p>
  return (
    <ol className="flex flex-col gap-1 text-sm">
      {suspects.map(({ path, lines, function: name, hotLine, score, why }) => (
        <li key={`${path}:${lines[0]}`} className="flex flex-wrap items-baseline gap-x-2">
          <span className="w-9 text-right text-xs text-quiet">{score.toFixed(2)}</span>
          <Place path={path} lines={lines} />
          {name && <code className="break-all">{name}</code>}
          {hotLine && <span className="text-xs text-quiet">at line {hotLine}</span>}
          <Reasons why={why} />
        </li>
      ))}
    </ol>
  )
}

function Place({ path, lines: [from, to] }: { readonly path: string; readonly lines: readonly unknown[] }) {
  return (
    <code className="font-medium break-all">
      {path}:{String(from)}
      {to !== from && `–${String(to)}`}
    </code>
  )
}

function Reasons({ why }: { readonly why: Why }) {
  return <span className="text-xs break-words text-quiet">{why.map(({ evidence }) => evidence).join('; ')}</span>
}

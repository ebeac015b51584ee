import type { Details } from '../../api/details.ts'
import { Chip } from '../../ui/chip.tsx'
import { InlineCode } from '../../ui/inline-code.tsx'
import { More, Output, Section } from '../../ui/section.tsx'
import { excerptAnchor } from './root-cause.tsx'

const ROLES = { edit: 'may be edited', callee: 'called by a suspect', test: 'test', example: 'example of use', caller: 'caller', map: 'overview' } as const

/** What was known when the patch was drafted, and why each piece of it was chosen. */
export function Excerpts({ dossier }: { readonly dossier: NonNullable<Details['dossier']> }) {
  const { excerpts, excluded, tokens } = dossier
  return (
    <Section title="What was looked at" aside={`${excerpts.length} excerpts, ${tokens.toLocaleString('en')} tokens`}>
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line bg-raised">
        {excerpts.map(({ path, lines, text, role, why }, index) => (
          <li
            key={`${path}:${lines[0]}-${lines[1]}`}
            id={excerpts.findIndex((each) => each.path === path) === index ? excerptAnchor(path) : undefined}
            className="scroll-mt-28 px-3 py-2 text-sm"
          >
            <div className="flex flex-wrap items-center gap-2">
              <code className="break-all">
                {path}:{lines[0]}–{lines[1]}
              </code>
              <Chip>{ROLES[role]}</Chip>
            </div>
            <p className="break-words text-muted">
              <InlineCode text={why.map(({ evidence }) => evidence).join('; ')} />
            </p>
            <More summary="The excerpt">
              <Output text={text} label={`Excerpt of ${path}`} />
            </More>
          </li>
        ))}
      </ul>
      {excluded.length > 0 && <p className="text-xs text-quiet">Left out: {excluded.map(({ rule, files }) => `${files} files by ${rule}`).join(', ')}.</p>}
    </Section>
  )
}

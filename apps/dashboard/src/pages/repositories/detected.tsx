import { useQuery } from '@tanstack/react-query'
import { several } from '../../ui/amounts.ts'
import { Button } from '../../ui/button.tsx'
import { InlineCode } from '../../ui/inline-code.tsx'
import { Facts, More } from '../../ui/section.tsx'
import { projectQuery, type Repository } from './repositories.ts'

/** How its tests are run, as the code says. One on a code host may have to be fetched for it, so that is done when somebody wants to know. */
export function Detected({ repository: { name, kind, settings } }: { readonly repository: Repository }) {
  const { data, error, isFetching, refetch } = useQuery({ ...projectQuery(name), enabled: kind === 'folder' })
  if (error !== null) return <span className="text-bad">{[error.message, 'detail' in error && String(error.detail)].filter(Boolean).join(': ')}</span>
  if (data === undefined)
    return (
      <span className="inline-flex flex-wrap items-center gap-2">
        {typeof settings?.test === 'string' && <code>{settings.test}</code>}
        <Button label={`Find out how the tests of ${name} are run`} refusal={isFetching ? 'The code is being read' : undefined} onClick={() => void refetch()}>
          {isFetching ? 'Reading the code…' : 'Find out'}
        </Button>
      </span>
    )
  if (data.detected === undefined) return <span className="text-warn">{data.unsupported}</span>
  const { command, toolchain, testFiles, because, installs, builds, checks } = data.detected
  return (
    <>
      <code>{command}</code> <span className="text-muted">on {toolchain}</span>
      {testFiles > 0 && <span className="text-muted">, {several(testFiles, 'test file')}</span>}
      <More summary="Why, and what comes before">
        <Facts
          items={[
            ['Because', because.length === 0 ? undefined : <InlineCode key="because" text={because.join('; ')} />],
            ['Installs', commands(installs)],
            ['Builds', commands(builds)],
            ['Checks', commands(checks)],
          ]}
        />
      </More>
    </>
  )
}

function commands(lines: readonly string[]) {
  if (lines.length === 0) return undefined
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>
          <code>{line}</code>
        </li>
      ))}
    </ul>
  )
}

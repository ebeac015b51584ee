import { inert, type ObservedProposal } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import { momentOf } from '../moment.ts'
import type { Screen } from '../present/terminal.ts'
import { ObservedProposals } from '../serve/observed-proposals.ts'
import { openStores } from '../serve/open-stores.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'

const WORDS: Readonly<Record<ObservedProposal['people'], string>> = {
  identical: 'people wrote the same',
  'same-lines': 'people changed the same lines in another way',
  'same-files': 'people changed other lines of the same files',
  untouched: 'nobody has touched these files',
  unknown: 'cannot be compared any more',
}

export interface ObservedOptions {
  readonly since: string
  readonly until?: string
  readonly json?: boolean
}

/** What would have been proposed under `observe`, and how that compares with what people did. */
export async function observed(options: ObservedOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const [since, until] = [momentOf('--since', options.since), momentOf('--until', options.until ?? '0d')]
  const { settings } = await readOperatorSettings(env)
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const report = await new ObservedProposals({ env, settings, stores }).between(since, until)
  if (options.json) {
    process.stdout.write(`${JSON.stringify(report)}\n`)
    return ExitCode.delivered
  }
  for (const { run, at, repository, strength, title, files, people, commits, seenAgain } of report.proposals) {
    const by = commits[0]
    process.stdout.write(
      [
        `${at.toISOString().slice(0, 16)}  ${run}  ${repository ?? '?'}  ${strength ?? '?'}  ${inert(title ?? 'the proposal has expired', 100)}`,
        ...(files.length > 0 ? [`  in ${inert(files.join(', '), 200)}`] : []),
        `  ${WORDS[people]}${by === undefined || people === 'untouched' ? '' : `: ${by.commit.slice(0, 12)} of ${by.at.toISOString().slice(0, 10)}, ${inert(by.subject, 80)}`}`,
        `  ${seenAgain === 0 ? 'not seen again since' : `seen again since, ${seenAgain} time${seenAgain === 1 ? '' : 's'}`}`,
        '',
      ].join('\n'),
    )
  }
  const { withheld, identical, sameLines, sameFiles, untouched, unknown, seenAgain } = report.counts
  screen.line(
    withheld === 0
      ? 'Nothing was withheld in this time. Under autonomy: observe everything is run and nothing proposed.'
      : `${withheld} would have been proposed: ${identical} as people did it, ${sameLines} the same lines in another way, ${sameFiles} the same files, ${untouched} untouched, ${unknown} unknown; ${seenAgain} seen again`,
  )
  return ExitCode.delivered
}

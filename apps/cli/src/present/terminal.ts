import { inert, type Progress } from '@fixpoint/core'
import pc from 'picocolors'

/** Where words for people go: always the error stream, so that standard output stays data. */
export interface Screen {
  readonly line: (text: string) => void
  readonly colors: ReturnType<typeof pc.createColors>
}

export function screenOn(stream: NodeJS.WriteStream, color: boolean): Screen {
  return { line: (text) => void stream.write(`${text}\n`), colors: pc.createColors(color && stream.isTTY === true) }
}

const STEP_WORDS: Record<string, string> = {
  'reproduce-bug': 'reproducing the failure',
  'gather-dossier': 'gathering context',
  'draft-patch': 'drafting patches',
  'minimise-patch': 'making the patch small',
  'judge-patch': 'judging the patch in a fresh sandbox',
  'choose-patch': 'comparing the survivors',
  'plan-proposal': 'writing the proposal',
  'publish-proposal': 'publishing the proposal',
  'settle-run': 'settling',
  'diagnose-run': 'writing the diagnosis',
}

/** One line when something starts, one per thing worth knowing, one with the time when a fact is known. */
export function showProgress(screen: Screen, progress: Progress): void {
  const { dim, bold, green, yellow } = screen.colors
  switch (progress.kind) {
    case 'step-started':
      if (progress.step !== 'settle-run' && progress.step !== 'plan-proposal') screen.line(bold(`● ${STEP_WORDS[progress.step] ?? progress.step}`))
      return
    case 'step-note':
      screen.line(dim(`  ${inert(progress.message, 400)}`))
      return
    case 'fact': {
      const { event } = progress.entry
      const seconds = dim(`${(progress.durationMs / 1000).toFixed(1)} s`)
      if (event.kind === 'patch-judged') screen.line(`  ${event.verdict === 'fixed' ? green('fixed') : yellow(`rejected: ${event.verdict}`)} ${seconds}`)
      else if (event.kind === 'step-failed') screen.line(yellow(`  ${event.step} failed (${event.code}); trying again`))
      else if (progress.durationMs > 50) screen.line(`  ${event.kind} ${seconds}`)
      return
    }
    default:
      progress satisfies never
  }
}

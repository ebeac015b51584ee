import { inert, type Progress, type RunEvent } from '@fixpoint/core'
import pc from 'picocolors'

/** Where words for people go: always the error stream, so that standard output stays data. */
export interface Screen {
  readonly line: (text: string) => void
  /** On a terminal, a last line that says what is being done and since when; undefined takes it away. */
  readonly doing: (text: string | undefined) => void
  readonly colors: ReturnType<typeof pc.createColors>
}

const CLEAR_LINE = '\r\u001b[K'

export function screenOn(stream: NodeJS.WriteStream, color: boolean): Screen {
  const live = stream.isTTY === true
  const colors = pc.createColors(color && live)
  let doing: { text: string; since: number; timer: NodeJS.Timeout } | undefined
  const draw = () => {
    if (doing) stream.write(`${CLEAR_LINE}${colors.dim(`  ${doing.text} … ${Math.round((performance.now() - doing.since) / 1000)} s`)}`)
  }
  return {
    line(text) {
      stream.write(`${doing ? CLEAR_LINE : ''}${text}\n`)
      draw()
    },
    doing(text) {
      if (!live) return
      if (doing) {
        clearInterval(doing.timer)
        stream.write(CLEAR_LINE)
      }
      doing = text === undefined ? undefined : { text, since: performance.now(), timer: setInterval(draw, 1000).unref() }
    },
    colors,
  }
}

const STEP_WORDS: Record<string, string> = {
  'reproduce-bug': 'reproducing the failure',
  'gather-dossier': 'gathering context',
  'draft-patch': 'drafting patches',
  'minimise-patch': 'making the patch small',
  'judge-patch': 'judging the patch in a fresh sandbox',
  'choose-patch': 'comparing the survivors',
  'review-patch': 'reading the patch with a fresh mind',
  'widen-reproduction': 'having the test ask for more',
  'seek-second-test': 'having another mind write a test from the report',
  'plan-proposal': 'writing the proposal',
  'publish-proposal': 'publishing the proposal',
  'settle-run': 'settling',
  'diagnose-run': 'writing the diagnosis',
}

/** Steps that take no time: their facts are worth a line, their beginnings are not. */
const QUICK: ReadonlySet<string> = new Set(['settle-run', 'plan-proposal', 'minimise-patch', 'choose-patch', 'diagnose-run'])
const SHORT_MS = 50

/** One line when something starts, one per thing worth knowing, one with the time when a fact is known. */
export function showProgress(screen: Screen, progress: Progress): void {
  const { dim, bold } = screen.colors
  switch (progress.kind) {
    case 'step-started': {
      const words = STEP_WORDS[progress.step] ?? progress.step
      if (!QUICK.has(progress.step)) screen.line(bold(`● ${words}`))
      screen.doing(words)
      return
    }
    case 'step-note':
      screen.line(dim(`  ${inert(progress.message, 400)}`))
      return
    case 'fact': {
      const said = wordsOf(progress.entry.event, screen)
      screen.doing(undefined)
      if (said !== undefined && (said.always || progress.durationMs > SHORT_MS))
        screen.line(`  ${said.words} ${dim(`${(progress.durationMs / 1000).toFixed(1)} s`)}`)
      return
    }
    default:
      progress satisfies never
  }
}

/** What a fact says to a person; undefined for what the end of the run says better. */
function wordsOf(event: RunEvent, { colors: { green, yellow } }: Screen): { words: string; always?: boolean } | undefined {
  switch (event.kind) {
    case 'bug-reproduced':
      return { words: green('the failure is ours'), always: true }
    case 'bug-not-reproduced':
      return { words: yellow('not reproduced'), always: true }
    case 'dossier-gathered':
      return { words: 'context gathered' }
    case 'patch-drafted':
      return { words: 'a patch to judge' }
    case 'drafters-exhausted':
      return { words: yellow('no further patch'), always: true }
    case 'patch-minimised':
      return { words: 'made small' }
    case 'patch-judged':
      if (event.verdict === 'contradicting') return { words: yellow('fixed, against existing tests'), always: true }
      return { words: event.verdict === 'fixed' ? green('fixed') : yellow(`rejected: ${event.verdict}`), always: true }
    case 'patch-chosen':
      return { words: event.verdict === 'contested' ? yellow('survivors disagree') : 'survivors compared' }
    case 'patch-reviewed':
      return event.approved ? undefined : { words: yellow(`the critic objects to the ${event.objection ?? 'patch'}`), always: true }
    case 'reproduction-widened':
      return { words: 'the test asks for more', always: true }
    case 'second-test-sought':
      return { words: event.found ? 'there is a second test' : yellow('there is no second test'), always: true }
    case 'proposal-published':
      return { words: 'published' }
    case 'step-failed':
      return { words: yellow(`${event.step} failed (${event.code}); trying again`), always: true }
    case 'run-stopped':
      return { words: yellow(`stopped: ${event.reason.replaceAll('-', ' ')}`), always: true }
    case 'run-cancelled':
      return { words: yellow('cancelled'), always: true }
    default:
      return undefined
  }
}

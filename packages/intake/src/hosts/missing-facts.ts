import { type BugReport, reveal } from '@fixpoint/core'
import { hasTrace } from '../alerts/report-of-alert.ts'

const EXPECTED = /\b(?:expect(?:ed|s)?|should(?:n['’]t)?|supposed to|instead of|ought to|must not|rather than)\b/i
const SHORT = 40

/**
 * What to ask the author of an issue for, as Markdown of ours: undefined when there is enough to begin with. A trace, a snippet, a test or a
 * command is enough; without any of them the failure cannot be made to happen.
 */
export function missingOf(report: BugReport): string | undefined {
  if (hasTrace(report) || report.checks.length > 0) return undefined
  const text = reveal(report.text)
  const named = report.traces.length > 0
  const points = [
    `- **How to make it happen**: a few lines of code in a block that begins with \`\`\`js, \`\`\`ts or \`\`\`py, the name of a failing test, or a command.`,
    `- **The whole stack trace**${named ? ': the error is named above, and not where it was thrown' : ', if something was thrown'}.`,
    ...(EXPECTED.test(text) ? [] : ['- **What you expected** to happen, and what happened instead.']),
    ...(report.revision === undefined ? ['- **The version or commit** on which you saw it.'] : []),
  ]
  const thanks = text.trim().length < SHORT ? 'Thank you for the report.' : 'Thank you for the description.'
  return [
    `${thanks} To fix this I have to see it fail first, and what is written here is not enough for that yet. Any one of the first two would help most:`,
    points.join('\n'),
    'Please edit the issue or add a comment; then set the label again, or write `/fixpoint run`.',
  ].join('\n\n')
}

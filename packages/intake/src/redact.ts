import { lintSource } from '@secretlint/core'
import { secretLintProfiler } from '@secretlint/profiler'
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend'
import { ownFindings, type SecretRange } from './secret-rules.ts'

/**
 * The text without secrets: each becomes `[redacted:<kind>]`, the same secret always the same words. secretlint's recommended rules, and
 * ours for what they do not know.
 */
export async function redact(text: string): Promise<{ text: string; redactions: number }> {
  const ranges = merged([...(await linted(text)), ...ownFindings(text)])
  let result = ''
  let from = 0
  for (const { start, end, kind } of ranges) {
    result += `${text.slice(from, start)}[redacted:${kind}]`
    from = end
  }
  return { text: result + text.slice(from), redactions: ranges.length }
}

/** secretlint obeys comments that tell it to look away; a stranger's must not. The same length, so that ranges stay true. */
function withoutDirectives(text: string): string {
  return text.replace(/secretlint-/gi, 'secretlint_')
}

async function linted(text: string): Promise<SecretRange[]> {
  // It measures itself, keeps every measurement for ever and searches them at each: a thousand texts would take minutes.
  secretLintProfiler.mark = () => undefined
  const result = await lintSource({
    // One of the rules would read `filePath` from the disk: an empty one keeps it from doing so.
    source: { filePath: '', ext: '.txt', content: withoutDirectives(text), contentType: 'text' },
    options: { noPhysicFilePath: true, config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended }] } },
  })
  return result.messages.map(({ range, messageId }) => ({ start: range[0], end: range[1], kind: kindOf(messageId) }))
}

/** `GITHUB_TOKEN` and `PostgreSQLConnection` as words with hyphens. */
function kindOf(messageId: string): string {
  return messageId
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()
}

function merged(ranges: SecretRange[]): SecretRange[] {
  const result: SecretRange[] = []
  for (const range of ranges.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    if (last && range.start < last.end) result[result.length - 1] = { ...last, end: Math.max(last.end, range.end) }
    else result.push(range)
  }
  return result
}

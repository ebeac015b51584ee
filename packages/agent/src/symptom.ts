import type { FileEdit, SourceSnapshot } from '@fixpoint/core'
import { type Hunk, hunksBetween } from './line-hunks.ts'

/** Lines of a guard and of what it holds. */
const GUARD = [
  /^\}?\s*(?:else\s*)?if\s*\(.*\)\s*(?:\{|(?:return|throw|continue|break)\b.*)?$/,
  /^(?:el)?if .*:(?:\s*(?:return|raise|continue|break|pass)\b.*)?$/,
  /^(?:return|throw|raise|continue|break|pass)\b/,
  /^(?:\}\s*)?(?:try|catch|finally)\b/,
  /^(?:try|finally|except\b.*):/,
  /^[{}()\];,]*$/,
]

/** Whether a patch does nothing but keep an error from showing: adds guards, catches, optional chaining or defaults. */
export function onlyGuards(source: SourceSnapshot, edits: readonly FileEdit[]): boolean {
  const hunks = edits.flatMap(({ path, content }) => hunksBetween(source.text(path) ?? '', content ?? ''))
  return hunks.length > 0 && hunks.every(onlyGuard)
}

function onlyGuard({ removed, added }: Hunk): boolean {
  const before = spoken(removed)
  const after = spoken(added)
  if (before.length === 0) return after.length > 0 && after.every((line) => GUARD.some((guard) => guard.test(line)))
  const rest = after.filter((line) => !before.includes(line))
  if (before.every((line) => after.includes(line))) return rest.every((line) => GUARD.some((guard) => guard.test(line)))
  return before.length === after.length && before.every((line, index) => softened(after[index] ?? '') === softened(line) && line !== after[index])
}

/** Without optional chaining and defaults. */
function softened(line: string): string {
  return line
    .replaceAll('?.[', '[')
    .replaceAll('?.(', '(')
    .replaceAll('?.', '.')
    .replace(/\s*(?:\?\?|\|\||\bor\b)\s*(?:\{\s*\}|\[\s*\]|''|""|0|null|undefined|None|false|False|'[^']*'|"[^"]*"|\d+)/g, '')
    .replace(/\.get\(([^,()]+)(?:,[^()]*)?\)/g, '[$1]')
    .replace(/[()]/g, '')
}

function spoken(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !/^(?:\/\/|#|\/\*|\*)/.test(line))
}

import type { StackFrame } from '@fixpoint/core'
import { isDigit } from './characters.ts'
import { framePlace } from './frame-place.ts'

/** `File "app/x.py", line 3, in f` (a syntax error has no `in`), already without indentation; undefined for any other line. */
export function pythonFrame(text: string): StackFrame | undefined {
  if (!text.startsWith('File "')) return undefined
  const quote = text.lastIndexOf('", line ')
  if (quote < 0) return undefined
  const file = text.slice('File "'.length, quote)
  let at = quote + '", line '.length
  const start = at
  while (at - start < 9 && isDigit(text[at])) at += 1
  const line = Number(text.slice(start, at))
  if (at === start || !(text.startsWith(', in ', at) || text.slice(at).trim() === '')) return undefined
  const name = text.startsWith(', in ', at) ? text.slice(at + 5).trim() : ''
  return {
    ...(name !== '' && { function: name }),
    file,
    ...(line > 0 && { line }),
    async: false,
    place: framePlace(file),
  }
}

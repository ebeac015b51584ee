import { Failure } from '@fixpoint/core'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

/** Settings from YAML. Throws `Failure('settings-invalid')` with file, line and column of everything that is wrong. */
export function readYaml<T>(schema: z.ZodType<T>, path: string, text: string, hint: string): T {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const complain = (problems: string[]) => new Failure('settings-invalid', problems.join('\n'), hint)
  if (document.errors.length > 0) throw complain(document.errors.map((error) => `${at(error.pos[0])} ${error.message.split('\n')[0]}`))
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 20 }) ?? {})
  if (parsed.success) return parsed.data
  throw complain(
    parsed.error.issues.map((issue) => {
      const node = document.getIn(issue.path as (string | number)[], true)
      const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as [number] | undefined) : undefined
      return `${at(range?.[0] ?? 0)} ${issue.path.join('.') || 'settings'}: ${issue.message}`
    }),
  )
}

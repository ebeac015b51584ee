import { Failure } from '@fixpoint/core'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
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
      return `${at(issue.code === 'unrecognized_keys' ? offsetOfKey(document, issue.path, issue.keys[0]) : offsetOf(document, issue.path))} ${issue.path.join('.') || 'settings'}: ${issue.message}`
    }),
  )
}

/** Where a value stands; of one that is missing, what it would be in. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function offsetOfKey(document: Document.Parsed, path: readonly PropertyKey[], key: string | undefined): number {
  const parent = path.length === 0 ? document.contents : document.getIn(path, true)
  const found = isMap(parent) ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key : undefined
  return isNode(found) && found.range ? found.range[0] : offsetOf(document, path)
}

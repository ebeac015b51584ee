import type { StackFrame } from '@fixpoint/core'

/** Whose code a file of a trace is, by its name alone. */
export function framePlace(file: string | undefined): StackFrame['place'] {
  if (file === undefined || file === '' || file === '<anonymous>' || file === '<stdin>' || file === '<unknown>' || file.startsWith('index ')) return 'anonymous'
  if (file === 'native' || file.startsWith('native ') || file.startsWith('wasm:')) return 'native'
  if (file === '<string>' || file.startsWith('[eval]') || file.startsWith('evalmachine.') || file.startsWith('REPL') || file.startsWith('<ipython'))
    return 'eval'
  if (file.startsWith('<frozen ') || file.startsWith('node:') || file.startsWith('internal/') || file.startsWith('<__array_function__')) return 'runtime'
  if (file.startsWith('<') || file.startsWith('anonymous')) return 'anonymous'
  const path = file.replaceAll('\\', '/')
  if (path.includes('/node_modules/') || path.startsWith('node_modules/') || path.includes('/.pnp')) return 'dependency'
  if (path.includes('/site-packages/') || path.includes('/dist-packages/') || path.startsWith('site-packages/')) return 'dependency'
  if (hasPythonLibrary(path)) return 'runtime'
  return 'code'
}

/** `…/lib/python3.11/…`, `…/lib64/python3/…`, `C:/Python311/Lib/…`: the standard library, since site-packages was asked before. */
function hasPythonLibrary(path: string): boolean {
  const folded = path.toLowerCase()
  return (
    folded.includes('/lib/python2') ||
    folded.includes('/lib/python3') ||
    folded.includes('/lib64/python') ||
    (folded.includes('python') && folded.includes('/lib/') && folded[1] === ':')
  )
}

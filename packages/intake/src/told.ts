import type { StackTrace } from '@fixpoint/core'

/** A trace in few lines, for golden tests: error, frames (`async f file:line:column`, place when it is not code), causes indented. */
export function told(traces: readonly StackTrace[]): string {
  return traces.map((trace) => lines(trace, '').join('\n')).join('\n')
}

function lines(trace: StackTrace, indent: string): string[] {
  const message = trace.message === undefined ? '' : `: ${trace.message.replaceAll('\n', '⏎')}`
  const frames = trace.frames.map((frame) => {
    const place = frame.place === 'code' ? '' : ` (${frame.place})`
    const at = [frame.file, frame.line, frame.column].filter((part) => part !== undefined).join(':')
    return `${indent}  ${frame.async ? 'async ' : ''}${[frame.function ?? '-', at].filter((part) => part !== '').join(' ')}${place}`
  })
  const causes = trace.causes.flatMap((cause) => [`${indent}  ${cause.relation}`, ...lines(cause.trace, `${indent}    `)])
  return [`${indent}${trace.language} ${trace.errorType ?? '?'}${message}`, ...frames, ...causes]
}

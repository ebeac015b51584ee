import { open } from 'node:fs/promises'
import { type BugReport, codeOf } from '@fixpoint/core'
import { reportFrom } from '@fixpoint/intake'
import { UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'

/** Intake keeps the two ends of what is longer than it considers; this much is read at most. */
const MOST_BYTES = 64 * 2 ** 20

const HINT = 'Name a file with the stack trace, the log or the issue; `-` reads standard input.'

/** The report of `--report`: a file, `-` for standard input, or none — then the suite's own failure is the report. */
export async function readReport(path: string | undefined, screen: Screen): Promise<BugReport> {
  if (path === undefined) return accepted(await reportFrom('The test suite fails.', 'suite'), 'the suite')
  if (path !== '-' && path !== '/dev/stdin') return accepted(await reportFrom(await readFileCapped(path), 'file'), path)
  if (process.stdin.isTTY) screen.line(screen.colors.dim('paste the report, then Ctrl-D'))
  return accepted(await reportFrom(await readCapped(process.stdin), 'stdin'), 'standard input')
}

function accepted(report: Awaited<ReturnType<typeof reportFrom>>, name: string): BugReport {
  if ('refused' in report) throw new UsageError(`${name} is ${report.refused === 'binary' ? 'not text' : report.refused}`, report.hint)
  return report
}

/** A pipe (`--report <(journalctl …)`) has no size: it is read to its end, like standard input. */
async function readFileCapped(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, 'r')
    const facts = await file.stat()
    if (facts.isDirectory()) throw new UsageError(`${path} is a folder`, HINT)
    return await readCapped(file.createReadStream({ end: MOST_BYTES, autoClose: false }))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${path} cannot be read: ${codeOf(error) ?? String(error)}`, HINT)
  }
}

/** Stops at the limit: a stream may never end. */
async function readCapped(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = chunk as Uint8Array
    chunks.push(bytes)
    size += bytes.length
    if (size >= MOST_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES)
}

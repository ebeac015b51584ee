import { open } from 'node:fs/promises'
import type { BugReport } from '@fixpoint/core'
import { reportFrom } from '@fixpoint/intake'
import { UsageError } from '../exit-codes.ts'

/** What intake considers of a report; more is read only to say how much was left out. */
const MOST_BYTES = 64 * 2 ** 20

/** The report of `--report`: a file, `-` for standard input, or none — then the suite's own failure is the report. */
export async function readReport(path: string | undefined): Promise<BugReport> {
  if (path === undefined) return (await accepted(await reportFrom('The test suite fails.', 'suite'), 'the suite')) satisfies BugReport
  const bytes = path === '-' ? await readStdin() : await readFileCapped(path)
  return accepted(await reportFrom(bytes, path === '-' ? 'stdin' : 'file'), path === '-' ? 'standard input' : path)
}

function accepted(report: Awaited<ReturnType<typeof reportFrom>>, name: string): BugReport {
  if ('refused' in report) throw new UsageError(`${name}: ${report.refused}`, report.hint)
  return report
}

async function readFileCapped(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${path} cannot be read: ${error.code ?? error.message}`,
      'Name a file with the stack trace, the log or the issue; `-` reads standard input.',
    )
  })
  try {
    const { size } = await file.stat()
    const bytes = new Uint8Array(Math.min(size, MOST_BYTES))
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return bytes.subarray(0, filled)
  } finally {
    await file.close()
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    const bytes = chunk as Uint8Array
    size += bytes.length
    if (size <= MOST_BYTES) chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

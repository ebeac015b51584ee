import { access, constants, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { codeOf, type Diagnosis } from '@fixpoint/core'
import type { PlannedProposal } from '@fixpoint/engine'
import { UsageError } from './exit-codes.ts'
import { makeFolder } from './folders.ts'
import type { Screen } from './present/terminal.ts'

export interface DeliveredFiles {
  readonly patch?: string
  readonly certificate?: string
  readonly diagnosis?: string
  readonly all: readonly string[]
}

/** Writes what a run hands over into a folder: the patch with its reproduction, the certificate, the words. */
export async function deliverProposal(folder: string, proposal: PlannedProposal): Promise<DeliveredFiles> {
  const files = { patch: join(folder, 'fix.patch'), certificate: join(folder, 'certificate.json'), words: join(folder, 'proposal.md') }
  await makeFolder(folder)
  await writeFile(files.patch, proposal.diff)
  await writeFile(files.certificate, proposal.certificate)
  await writeFile(files.words, `# ${proposal.title}\n\n${proposal.body}`)
  return { patch: files.patch, certificate: files.certificate, all: Object.values(files) }
}

export async function deliverDiagnosis(folder: string, diagnosis: Diagnosis): Promise<DeliveredFiles> {
  const file = join(folder, 'diagnosis.json')
  await makeFolder(folder)
  await writeFile(file, `${JSON.stringify(diagnosis, undefined, 2)}\n`)
  if (diagnosis.bestRejected) await writeFile(join(folder, 'best-rejected.patch'), diagnosis.bestRejected.diff)
  return { diagnosis: file, all: diagnosis.bestRejected ? [file, join(folder, 'best-rejected.patch')] : [file] }
}

/** Tries the folders in turn: a run that took minutes is not lost because a folder cannot be written. */
export async function deliverSomewhere(
  folders: readonly string[],
  deliver: (folder: string) => Promise<DeliveredFiles>,
  screen: Screen,
): Promise<DeliveredFiles> {
  for (const folder of folders) {
    try {
      return await deliver(folder)
    } catch (error) {
      if (codeOf(error) === undefined) throw error
      screen.line(screen.colors.yellow(`${folder} cannot be written (${codeOf(error)}); the run is in the journal all the same: fixpoint runs show`))
    }
  }
  return { all: [] }
}

/** Asked before a run begins. Throws `UsageError`. */
export async function assertWritable(out: string): Promise<void> {
  const folder = resolve(out)
  try {
    await makeFolder(folder)
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new UsageError(`--out ${out} cannot be written: ${codeOf(error) ?? String(error)}`, 'Name a folder that you may write, or leave --out away.')
  }
}

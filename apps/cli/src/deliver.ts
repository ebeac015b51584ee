import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Diagnosis } from '@fixpoint/core'
import type { PlannedProposal } from '@fixpoint/engine'

export interface DeliveredFiles {
  readonly patch?: string
  readonly certificate?: string
  readonly diagnosis?: string
  readonly all: readonly string[]
}

/** Writes what a run hands over into a folder: the patch with its reproduction, the certificate, the words. */
export async function deliverProposal(folder: string, proposal: PlannedProposal): Promise<DeliveredFiles> {
  const files = { patch: join(folder, 'fix.patch'), certificate: join(folder, 'certificate.json'), words: join(folder, 'proposal.md') }
  await mkdir(folder, { recursive: true })
  await writeFile(files.patch, proposal.diff)
  await writeFile(files.certificate, proposal.certificate)
  await writeFile(files.words, `# ${proposal.title}\n\n${proposal.body}`)
  return { patch: files.patch, certificate: files.certificate, all: Object.values(files) }
}

export async function deliverDiagnosis(folder: string, diagnosis: Diagnosis): Promise<DeliveredFiles> {
  const file = join(folder, 'diagnosis.json')
  await mkdir(folder, { recursive: true })
  await writeFile(file, `${JSON.stringify(diagnosis, undefined, 2)}\n`)
  if (diagnosis.bestRejected) await writeFile(join(folder, 'best-rejected.patch'), diagnosis.bestRejected.diff)
  return { diagnosis: file, all: diagnosis.bestRejected ? [file, join(folder, 'best-rejected.patch')] : [file] }
}

import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Budget, codeOf, type Hash, Lane, type LanguageModel, ModelCard } from '@fixpoint/core'
import { CassettePlayer, CassetteRecorder } from '@fixpoint/models'
import { z } from 'zod'
import { UsageError } from '../exit-codes.ts'
import type { RunLanes } from '../lanes.ts'

/** Beside the cassettes of a folder: who was asked, and with how much to spend: how many candidates are drafted follows from it. */
const LANES = 'lanes.json'
const RecordedLanes = z.object({
  version: z.literal(1),
  lanes: z.array(Lane),
  critic: z.string().optional(),
  cards: z.record(z.string(), ModelCard),
  budget: Budget.partial().default({}),
})

const cassetteOf = (folder: string, caseId: string) => join(folder, `${caseId}.jsonl`)

/** The exchanges of one case, being recorded; what was recorded of it before goes. */
export async function recordCase(
  folder: string,
  caseId: string,
  hash: Hash,
  asked: RunLanes & { readonly budget: Partial<Budget> },
): Promise<{ around(model: LanguageModel, lane: string): LanguageModel }> {
  const file = cassetteOf(folder, caseId)
  await mkdir(folder, { recursive: true })
  await rm(file, { force: true })
  const cards: Record<string, ModelCard> = {}
  const recorder = new CassetteRecorder({
    hash,
    async append(line) {
      await writeFile(join(folder, LANES), `${JSON.stringify({ version: 1, ...asked, cards }, undefined, 2)}\n`)
      await appendFile(file, line)
    },
  })
  return {
    around(model, lane) {
      cards[lane] = model.card
      return recorder.record(model)
    },
  }
}

/** Throws `UsageError`. */
export async function recordedLanes(folder: string): Promise<z.infer<typeof RecordedLanes>> {
  const hint = 'Name a folder that `fixpoint eval --record` wrote.'
  const text = await readFile(join(folder, LANES), 'utf8').catch((error: unknown) => {
    throw new UsageError(`${join(folder, LANES)} cannot be read: ${codeOf(error) ?? String(error)}`, hint)
  })
  try {
    return RecordedLanes.parse(JSON.parse(text))
  } catch (error) {
    throw new UsageError(`${join(folder, LANES)} is not what was recorded: ${error instanceof Error ? error.message : String(error)}`, hint)
  }
}

/** The models of the lanes that answer as they did then. A case that asked nobody has no cassette. */
export async function replayCase(
  folder: string,
  caseId: string,
  hash: Hash,
  cards: Readonly<Record<string, ModelCard>>,
): Promise<ReadonlyMap<string, LanguageModel>> {
  const text = await readFile(cassetteOf(folder, caseId), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return ''
    throw error
  })
  const player = new CassettePlayer(text, { hash })
  return new Map(Object.entries(cards).map(([lane, card]) => [lane, player.model(card)]))
}

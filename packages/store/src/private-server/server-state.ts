import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessMark } from './processes.ts'

/** `server.json`: who started the server that works on the data, so that others leave it alone and what a dead one left is ended. */
export interface ServerState {
  readonly postmaster: number
  readonly owner: ProcessMark
}

export async function readState(folder: string): Promise<ServerState | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')) as ServerState
  } catch {
    return undefined
  }
}

export async function writeState(folder: string, state: ServerState): Promise<void> {
  const staged = join(folder, `server.json.${randomUUID()}.partial`)
  await writeFile(staged, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  await rename(staged, join(folder, 'server.json'))
}

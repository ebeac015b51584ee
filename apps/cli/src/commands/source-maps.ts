import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { readSourceMap } from '@fixpoint/intake'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'

const MOST_FILES = 5000
const LARGEST_BYTES = 256 * 1_048_576
const ANSWER_BYTES = 2000

export interface UploadOptions {
  readonly service: string
  readonly release: string
  readonly to?: string
}

interface FoundMap {
  readonly path: string
  /** The minified file, as its folder calls it. */
  readonly file: string
}

/** Sends the maps of a release, without the sources that are in them, to the service. One that cannot be read is named and does not stop the others. */
export async function uploadSourceMaps(places: readonly string[], { service, release, to }: UploadOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const address = to ?? env.serviceUrl
  if (address === undefined || env.serviceToken === undefined)
    throw new UsageError('no service is named', 'Set FIXPOINT_URL and FIXPOINT_TOKEN; make a token with: fixpoint tokens create <name> --scope upload')
  const maps = (await Promise.all(places.map(mapsIn))).flat()
  if (maps.length === 0) throw new UsageError('there is no source map', 'Name files that end in .map, or the folder that the bundler writes to.')
  if (maps.length > MOST_FILES) throw new UsageError(`there are ${maps.length} source maps`, `Upload at most ${MOST_FILES} at once: name folders below.`)
  let refused = 0
  for (const map of maps) {
    const why = await upload(map, { service, release }, address, env.serviceToken)
    if (why !== undefined) refused += 1
    screen.line(why === undefined ? `${map.file}` : screen.colors.red(`${map.file}: ${why}`))
  }
  screen.line(`${maps.length - refused} of ${maps.length} source maps of ${service} ${release} are uploaded`)
  return refused === 0 ? ExitCode.delivered : ExitCode.refused
}

async function mapsIn(place: string): Promise<FoundMap[]> {
  const facts = await stat(place).catch(() => {
    throw new UsageError(`${place} does not exist`, 'Name source maps, or the folder that the bundler writes to.')
  })
  if (!facts.isDirectory()) return [{ path: place, file: basename(place).replace(/\.map$/, '') }]
  const names = await readdir(place, { recursive: true })
  return names
    .filter((name) => name.endsWith('.map') && !name.split(sep).includes('node_modules'))
    .map((name) => ({
      path: join(place, name),
      file: relative(place, join(place, name))
        .split(sep)
        .join('/')
        .replace(/\.map$/, ''),
    }))
}

/** Why not, if not. */
async function upload({ path, file }: FoundMap, names: { service: string; release: string }, address: string, token: string): Promise<string | undefined> {
  if ((await stat(path)).size > LARGEST_BYTES) return 'it is too large'
  let told: unknown
  try {
    told = JSON.parse((await readFile(path, 'utf8')).replace(/^\)\]\}'[^\n]*\n/, ''))
  } catch {
    return 'it is not JSON'
  }
  const map = readSourceMap(told)
  if ('refused' in map) return map.refused
  const url = new URL('/api/source-maps', address)
  for (const [name, value] of Object.entries({ ...names, file })) url.searchParams.set(name, value)
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(map),
    redirect: 'error',
    signal: AbortSignal.timeout(120_000),
  }).catch((error: unknown) => {
    throw new UsageError(`nobody answers at ${url.host} (${error instanceof Error ? error.message : 'unknown'})`, 'Start the service, or correct FIXPOINT_URL.')
  })
  return answer.ok ? undefined : `${answer.status} ${(await answer.text()).slice(0, ANSWER_BYTES)}`
}

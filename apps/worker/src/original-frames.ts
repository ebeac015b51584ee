import { type Alert, type Artifacts, type Digest, Failure, type SourceMaps, type StoredSourceMap } from '@fixpoint/core'
import { debugIdOf, matchingMap, minifiedFiles, type OriginalPlaces, originalPlaces, originalTraces, readSourceMap } from '@fixpoint/intake'
import type { WorkerLog } from './hands.ts'

/** Maps of one release that are looked through. */
const MOST_MAPS = 5000
/** Decoded maps are large, and an alert storm is about few files. */
const OPENED = 4

interface Hands {
  readonly sourceMaps: SourceMaps
  readonly artifacts: Artifacts
  readonly log: WorkerLog
}

/** Traces of minified files where they were written, by the maps that their owner uploaded. A map that is of no use leaves its frames as they came. */
export class OriginalFrames {
  readonly #hands: Hands
  /** The one used last is at the end. */
  readonly #opened = new Map<Digest, Promise<OriginalPlaces | undefined>>()

  constructor(hands: Hands) {
    this.#hands = hands
  }

  async of(traces: Alert['traces'], alert: Alert, service: string | undefined): Promise<Alert['traces']> {
    const files = minifiedFiles(traces)
    if (files.length === 0) return traces
    const ids = new Map(alert.debugIds?.map(({ file, id }) => [file, debugIdOf(id)]))
    const debugIds = [...ids.values()].filter((id) => id !== undefined)
    if (debugIds.length === 0 && (service === undefined || alert.release === undefined)) return traces
    const maps = await this.#hands.sourceMaps.find({ service, release: alert.release, debugIds, limit: MOST_MAPS })
    const ofRelease = maps.filter((map) => map.service === service && map.release === alert.release)
    const places = new Map<string, OriginalPlaces>()
    for (const file of files) {
      const id = ids.get(file)
      const map = (id && maps.find(({ debugId }) => debugId === id)) || matchingMap(file, ofRelease)
      const opened = map && (await this.#open(map))
      if (opened !== undefined) places.set(file, opened)
    }
    return places.size === 0 ? traces : originalTraces(traces, (file) => places.get(file))
  }

  #open({ map }: StoredSourceMap): Promise<OriginalPlaces | undefined> {
    const opened = this.#opened.get(map) ?? this.#read(map)
    this.#opened.delete(map)
    this.#opened.set(map, opened)
    opened.catch(() => this.#opened.delete(map))
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= OPENED) break
      this.#opened.delete(oldest)
    }
    return opened
  }

  async #read(digest: Digest): Promise<OriginalPlaces | undefined> {
    try {
      const map = readSourceMap(JSON.parse(new TextDecoder().decode(await this.#hands.artifacts.get(digest))))
      const places = 'refused' in map ? undefined : originalPlaces(map)
      if (places === undefined) this.#hands.log.warn({ map: digest }, 'a source map could not be used')
      return places
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'artifact-missing') throw error
      this.#hands.log.warn({ map: digest }, 'a source map has expired: upload it again')
      return undefined
    }
  }
}

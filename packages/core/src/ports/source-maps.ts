import type { Digest } from '../words/ids.ts'

/** The map of one minified file of a release, as an artifact without the sources themselves. */
export interface StoredSourceMap {
  readonly service: string
  readonly release: string
  /** The minified file, as its owner calls it: `assets/app.js`. */
  readonly file: string
  readonly debugId: string | undefined
  readonly map: Digest
}

/** Source maps that owners uploaded. */
export interface SourceMaps {
  /** In the place of an earlier one of the same service, release and file. */
  put(map: StoredSourceMap): Promise<void>
  /** Those of a release, and those with one of these debug ids, whatever their release. Newest first, at most `limit`. */
  find(wanted: {
    readonly service?: string | undefined
    readonly release?: string | undefined
    readonly debugIds: readonly string[]
    readonly limit: number
  }): Promise<readonly StoredSourceMap[]>
}

import type { SourceMaps, StoredSourceMap } from '@fixpoint/core'

/** Source maps for as long as the process lives. */
export class InMemorySourceMaps implements SourceMaps {
  #maps: readonly StoredSourceMap[] = []

  async put(map: StoredSourceMap): Promise<void> {
    const others = this.#maps.filter(({ service, release, file }) => service !== map.service || release !== map.release || file !== map.file)
    this.#maps = [map, ...others]
  }

  async find({ service, release, debugIds, limit }: Parameters<SourceMaps['find']>[0]): Promise<readonly StoredSourceMap[]> {
    const found = this.#maps.filter(
      (map) => (map.service === service && map.release === release) || (map.debugId !== undefined && debugIds.includes(map.debugId)),
    )
    return found.slice(0, limit)
  }
}

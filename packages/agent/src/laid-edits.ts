import type { FileEdit, Room, SourceSnapshot } from '@fixpoint/core'

/** Keeps a room's tree at the edits of the moment, whatever commands do beside them. */
export class LaidEdits {
  readonly #room: Room
  readonly #source: SourceSnapshot
  #laid: readonly string[] = []

  constructor(room: Room, source: SourceSnapshot) {
    this.#room = room
    this.#source = source
  }

  async lay(edits: readonly FileEdit[]): Promise<void> {
    const paths = new Set(edits.map((edit) => edit.path))
    const undone = this.#laid.filter((path) => !paths.has(path)).map((path) => ({ path, content: this.#source.text(path) ?? null }))
    await this.#room.write([...undone, ...edits])
    this.#laid = [...paths]
  }
}

import type { SourceSnapshot } from '@fixpoint/core'

const SHORTEST = 8
const LARGEST_FILE = 64 * 1024
const MOST_LINES = 20_000
const INSTEAD = '(a line of a file that is not shown)'

/**
 * A room holds the whole tree, also what its owner keeps from models. Lines of such files, and values that are set in them, are taken out
 * of what programs print there. It keeps them from being shown in passing; who encodes them meets the wall around the room.
 */
export class HiddenText {
  readonly #source: SourceSnapshot
  readonly #isHidden: (path: string) => boolean
  #known: { lines: ReadonlySet<string>; values: readonly string[] } | undefined

  constructor(source: SourceSnapshot, isHidden: (path: string) => boolean) {
    this.#source = source
    this.#isHidden = isHidden
  }

  without(text: string): string {
    this.#known ??= this.#read()
    const { lines, values } = this.#known
    if (lines.size === 0) return text
    return text
      .split('\n')
      .map((line) => (lines.has(line.trim()) || values.some((value) => line.includes(value)) ? INSTEAD : line))
      .join('\n')
  }

  #read() {
    const lines = new Set<string>()
    const values: string[] = []
    for (const { path, size } of this.#source.list()) {
      if (size > LARGEST_FILE || lines.size > MOST_LINES || !this.#isHidden(path) || isGenerated(path)) continue
      for (const line of (this.#source.text(path) ?? '').split('\n')) {
        const said = line.trim()
        if (said.length >= SHORTEST) lines.add(said)
        const value = /^[\w.-]+\s*[=:]\s*["']?([^\s"']{8,})["']?$/.exec(said)?.[1]
        if (value !== undefined) values.push(value)
      }
    }
    return { lines, values }
  }
}

/** Nothing of anybody's own. */
function isGenerated(path: string): boolean {
  return /(?:lock(?:file)?\.(?:json|yaml)|\.lock|-shrinkwrap\.json|go\.sum|\.map|[.-]min\.\w+)$/.test(path)
}

import type { OwnerGuidance, SourceSnapshot } from '@fixpoint/core'
import { IgnoreGate } from './ignore-gate.ts'

/** Of a folder the first that is there. */
const NAMES = ['AGENTS.md', 'CLAUDE.md']
const ROOT_ONLY = '.github/copilot-instructions.md'
const MOST_FILES = 50
/** What tools agree on. */
const LONGEST = 32 * 1024
/** Suspects further down the list are rarely where a patch goes. */
const SUSPECTS = 3

/** All that the owner wrote for agents: one file a folder. Links and what is kept from models do not count. */
export function guidanceIn(source: SourceSnapshot): OwnerGuidance[] {
  const gate = new IgnoreGate(source)
  const found = new Map<string, OwnerGuidance>()
  for (const name of [...NAMES, ROOT_ONLY])
    for (const { path } of source.list()) {
      const folder = folderOf(path, name)
      if (folder === undefined || found.has(folder) || found.size >= MOST_FILES) continue
      const text = gate.text(path)?.trim()
      if (text) found.set(folder, { path, text: cut(text, LONGEST) })
    }
  return [...found.values()]
}

/** The nearest for each of the likeliest places; together no more than one file may hold. */
export function guidanceFor(all: readonly OwnerGuidance[], paths: readonly string[]): OwnerGuidance[] {
  const chosen = new Set<OwnerGuidance>()
  for (const path of paths.slice(0, SUSPECTS)) {
    const nearest = all.filter((each) => path.startsWith(placeOf(each.path))).sort((one, other) => placeOf(other.path).length - placeOf(one.path).length)[0]
    if (nearest !== undefined) chosen.add(nearest)
  }
  let room = LONGEST
  return [...chosen].flatMap(({ path, text }) => {
    const shown = cut(text, room)
    room -= shown.length
    return shown === '' ? [] : [{ path, text: shown }]
  })
}

/** The folder that a file of this name speaks for, with its slash; undefined for other files. */
function folderOf(path: string, name: string): string | undefined {
  if (name === ROOT_ONLY) return path === ROOT_ONLY ? '' : undefined
  if (path === name) return ''
  return path.endsWith(`/${name}`) ? path.slice(0, -name.length) : undefined
}

function placeOf(path: string): string {
  return path === ROOT_ONLY ? '' : path.slice(0, path.lastIndexOf('/') + 1)
}

/** Never in the middle of a line, where that can be helped. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const line = text.lastIndexOf('\n', most)
  return text.slice(0, line > 0 ? line : most)
}

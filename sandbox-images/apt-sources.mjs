import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The distribution's own package sources as this host has them configured (no third party's: those have other suites
 * or components). Reads both formats, one line each (`sources.list`) and deb822 (`*.sources`).
 */
export function aptSources(folder, codename) {
  const parts = join(folder, 'sources.list.d')
  const files = [join(folder, 'sources.list'), ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [])].filter(existsSync)
  const entries = files.flatMap((file) => {
    if (file.endsWith('.sources')) return deb822(readFileSync(file, 'utf8'))
    return file.endsWith('.list') ? oneLine(readFileSync(file, 'utf8')) : []
  })
  const suites = new Set([codename, `${codename}-updates`, `${codename}-security`])
  return entries.filter((entry) => suites.has(entry.suite) && entry.components.includes('main'))
}

/** Where to bootstrap from: the entry of the release itself. */
export function bootstrapSource(sources, codename) {
  return sources.find((entry) => entry.suite === codename)
}

function deb822(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map()
    let last
    for (const line of stanza.split('\n')) {
      if (line.startsWith('#')) continue
      const field = /^([\w-]+):\s*(.*)$/.exec(line)
      if (field !== null) {
        last = field[1].toLowerCase()
        fields.set(last, field[2])
      } else if (last !== undefined && /^\s/.test(line)) fields.set(last, `${fields.get(last)} ${line.trim()}`)
    }
    const words = (name) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean)
    if (!words('types').includes('deb') || fields.get('enabled') === 'no') return []
    const signedBy = words('signed-by')[0]
    return words('uris').flatMap((uri) => words('suites').map((suite) => ({ uri, suite, components: words('components'), signedBy })))
  })
}

function oneLine(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.replace(/#.*/, '').trim())
    if (match === null) return []
    const signedBy = /signed-by=(\S+)/.exec(match[1] ?? '')?.[1]
    return [{ uri: match[2], suite: match[3], components: match[4].split(/\s+/), signedBy }]
  })
}

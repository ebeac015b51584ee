import type { SourceSnapshot, TreeEntry } from '@fixpoint/core'
import ignore from 'ignore'

/** Whether a path may be looked at, and by which rule. */
export interface Admission {
  readonly admitted: boolean
  /** `admitted`, `not in the tree`, a built-in denial, or the file and the pattern that say no. */
  readonly rule: string
}

/** Ours, and what owners have already written for other tools that show code to models. */
const IGNORE_FILES = ['.gitignore', '.fixpointignore', '.aiexclude', '.cursorignore']
const MAXIMUM_BYTES = 1024 * 1024
const MAXIMUM_PATTERNS = 5000
const MAXIMUM_PATTERN_LENGTH = 512
/** Each star of a pattern multiplies the work of a hostile name. */
const MAXIMUM_STARS = 8
const MINIFIED_LINE = 1000

const LOCKFILES = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'poetry.lock',
  'Pipfile.lock',
  'uv.lock',
  'pdm.lock',
  'Cargo.lock',
  'composer.lock',
  'Gemfile.lock',
  'go.sum',
])

interface RuleSet {
  /** Folder whose paths it decides on; empty for the root. */
  readonly folder: string
  readonly file: string
  readonly rules: ReturnType<typeof ignore>
}

/**
 * The one place that says which files of a tree may be known: `.fixpointignore`, `.gitignore`, `.aiexclude` and `.cursorignore` (nested, the nearer wins) and built-in
 * denials of keys, lockfiles, minified, large and binary files and what is no file. Listing, search results, history and packing ask it.
 */
export class IgnoreGate {
  private readonly source: SourceSnapshot
  private readonly entries = new Map<string, TreeEntry>()
  private readonly ruleSets: readonly RuleSet[]
  private readonly known = new Map<string, Admission>()

  constructor(source: SourceSnapshot) {
    this.source = source
    for (const entry of source.list()) this.entries.set(entry.path, entry)
    this.ruleSets = ruleSetsOf(source)
  }

  admits(path: string): boolean {
    return this.explain(path).admitted
  }

  /** Why a file is there or is not. */
  explain(path: string): Admission {
    const known = this.known.get(path)
    if (known) return known
    const answer = this.decide(path)
    this.known.set(path, answer)
    return answer
  }

  /** Paths that may be looked at, sorted as the tree is. */
  paths(): readonly string[] {
    return [...this.entries.keys()].filter((path) => this.admits(path))
  }

  /** The text of a file that may be looked at. */
  text(path: string): string | undefined {
    return this.admits(path) ? this.source.text(path) : undefined
  }

  /** How many files each rule keeps out; by falling number. */
  excluded(): { rule: string; files: number }[] {
    const counts = new Map<string, number>()
    for (const path of this.entries.keys()) {
      const { admitted, rule } = this.explain(path)
      if (!admitted) counts.set(rule, (counts.get(rule) ?? 0) + 1)
    }
    return [...counts].map(([rule, files]) => ({ rule, files })).sort((a, b) => b.files - a.files || (a.rule < b.rule ? -1 : 1))
  }

  private decide(path: string): Admission {
    const entry = this.entries.get(path)
    if (!entry) return { admitted: false, rule: 'not in the tree' }
    const rule = deniedByName(path) ?? deniedByKind(entry) ?? this.deniedByRules(path) ?? this.deniedByContent(entry)
    return rule === undefined ? { admitted: true, rule: 'admitted' } : { admitted: false, rule }
  }

  private deniedByRules(path: string): string | undefined {
    // They speak independently: what any of them keeps out stays out.
    for (const file of IGNORE_FILES) {
      let denied: string | undefined
      for (const set of this.ruleSets) {
        if (set.file !== file || !path.startsWith(set.folder)) continue
        const inside = path.slice(set.folder.length)
        const result = set.rules.checkIgnore(inside)
        if (result.ignored) denied = `${set.folder}${set.file}: ${result.rule?.pattern ?? 'pattern'}`
        else if (result.unignored) denied = undefined
      }
      if (denied !== undefined) return denied
    }
    return undefined
  }

  private deniedByContent(entry: TreeEntry): string | undefined {
    const bytes = this.source.read(entry.path)
    if (!bytes) return 'unreadable'
    if (bytes.subarray(0, 8192).includes(0)) return 'binary'
    return isMinified(entry.path, bytes) ? 'minified' : undefined
  }
}

/** Folders come before what is in them, so that a nearer file speaks last. */
function ruleSetsOf(source: SourceSnapshot): RuleSet[] {
  const sets: RuleSet[] = []
  for (const entry of source.list()) {
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
    if (!IGNORE_FILES.includes(name) || (entry.kind !== 'file' && entry.kind !== 'executable')) continue
    const text = source.text(entry.path)
    if (text === undefined) continue
    sets.push({ folder: entry.path.slice(0, -name.length), file: name, rules: ignore({ ignorecase: false }).add(patternsOf(text)) })
  }
  return sets.sort((a, b) => a.folder.length - b.folder.length)
}

/** A pattern that would take too long to try is widened to its first star: what it meant to keep out stays out. */
function patternsOf(text: string): string[] {
  return text
    .split('\n', MAXIMUM_PATTERNS)
    .map((line) => line.replace(/\r$/, ''))
    .map((line) => (isCostly(line) && !line.startsWith('!') ? widened(line) : line))
    .filter((line) => !isCostly(line))
}

function widened(pattern: string): string {
  const star = pattern.indexOf('*')
  return `${pattern.slice(0, star < 0 ? MAXIMUM_PATTERN_LENGTH - 1 : Math.min(star, MAXIMUM_PATTERN_LENGTH - 1))}*`
}

function isCostly(pattern: string): boolean {
  return pattern.length > MAXIMUM_PATTERN_LENGTH || pattern.split('*').length - 1 > MAXIMUM_STARS
}

function deniedByName(path: string): string | undefined {
  const segments = path.split('/')
  const name = segments.at(-1) ?? ''
  const folded = name.toLowerCase()
  if (folded === '.env' || folded.startsWith('.env.') || folded.endsWith('.env')) return 'environment file'
  if (
    /\.(pem|key|p12|pfx|jks|keystore|kdbx|asc|gpg)$/.test(folded) ||
    /^id_(rsa|dsa|ecdsa|ed25519)/.test(folded) ||
    folded === '.netrc' ||
    folded === '.npmrc' ||
    folded === '.pypirc'
  )
    return 'key or credentials'
  if (LOCKFILES.has(name)) return 'lockfile'
  if (/[.-]min\.(js|mjs|cjs|css)$/.test(folded) || folded.endsWith('.map')) return 'minified'
  return undefined
}

function deniedByKind(entry: TreeEntry): string | undefined {
  if (entry.kind === 'link') return 'link'
  if (entry.kind === 'submodule') return 'submodule'
  if (entry.kind === 'lfs-pointer') return 'LFS pointer'
  return entry.size > MAXIMUM_BYTES ? 'larger than 1 MB' : undefined
}

/** Scripts and styles whose lines are no lines for people. */
function isMinified(path: string, bytes: Uint8Array): boolean {
  if (bytes.length < 4 * MINIFIED_LINE || !/\.(js|mjs|cjs|css)$/.test(path)) return false
  let lines = 1
  for (const byte of bytes) if (byte === 10) lines += 1
  return bytes.length / lines > MINIFIED_LINE
}

const ALTERNATIVES = 256

/**
 * Whether a path matches a shell-style pattern: `**`, `*`, `?`, `[…]`, `{a,b}`, `?(a|b)`, `@(a|b)`, `+(a|b)` (once). Patterns come from
 * repositories, so nothing here becomes a regular expression: matching is quadratic at worst, not exponential.
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  const all = patterns.flatMap((pattern) => alternatives(tidy(pattern))).slice(0, 4 * ALTERNATIVES)
  const positive = all.filter((pattern) => !pattern.startsWith('!')).map((pattern) => pattern.split('/'))
  const negative = all.filter((pattern) => pattern.startsWith('!')).map((pattern) => tidy(pattern.slice(1)).split('/'))
  return (path) => {
    const segments = path.split('/')
    return positive.some((pattern) => matchesSegments(pattern, segments)) && !negative.some((pattern) => matchesSegments(pattern, segments))
  }
}

function tidy(pattern: string): string {
  return pattern
    .replace(/^<rootDir>\//, '')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+/g, '/')
    .replace(/^\//, '')
    .slice(0, 500)
}

/** `{a,b}` and `x(a|b)` written out. */
function alternatives(pattern: string): string[] {
  let open = [pattern]
  const done: string[] = []
  while (open.length > 0 && open.length + done.length < ALTERNATIVES) {
    const next: string[] = []
    for (const one of open) {
      const brace = /\{([^{}]*)\}/.exec(one)
      const group = /([?@+*!]?)\(([^()]*)\)/.exec(one)
      const found = brace ?? group
      if (!found) {
        done.push(one)
        continue
      }
      const before = one.slice(0, found.index)
      const after = one.slice(found.index + found[0].length)
      const choices = brace ? (brace[1] ?? '').split(',') : (group?.[2] ?? '').split('|')
      const sign = brace ? '' : (group?.[1] ?? '')
      if (sign === '?' || sign === '*') choices.push('')
      if (sign === '!') next.push(`${before}*${after}`)
      else for (const choice of choices) next.push(`${before}${choice}${after}`)
    }
    open = next
  }
  return done
}

function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  // reached[j]: the pattern so far matches the first j segments of the path.
  let reached = [true, ...path.map(() => false)]
  for (const part of pattern) {
    const next = path.map(() => false)
    next.push(false)
    if (part === '**') {
      let any = false
      reached.forEach((was, j) => {
        any ||= was
        next[j] = any
      })
    } else {
      path.forEach((segment, j) => {
        if (reached[j] && matchesSegment(part, segment)) next[j + 1] = true
      })
    }
    reached = next
  }
  return reached[path.length] ?? false
}

function matchesSegment(pattern: string, text: string): boolean {
  if (text.startsWith('.') && !pattern.startsWith('.')) return false
  const tokens = pattern.match(/\[[^\]]*\]|\*+|[\s\S]/g) ?? []
  let reached = [true, ...Array.from(text, () => false)]
  for (const token of tokens) {
    const next = reached.map(() => false)
    let any = false
    for (let j = 0; j <= text.length; j += 1) {
      if (token.startsWith('*')) {
        any ||= reached[j] ?? false
        next[j] = any
      } else if (reached[j] && j < text.length && matchesCharacter(token, text.charAt(j))) next[j + 1] = true
    }
    reached = next
  }
  return reached[text.length] ?? false
}

function matchesCharacter(token: string, char: string): boolean {
  if (token === '?') return true
  if (token.length < 3 || !token.startsWith('[')) return token === char
  const negated = /^\[[!^]/.test(token)
  const set = token.slice(negated ? 2 : 1, -1)
  let found = false
  for (let at = 0; at < set.length; at += 1) {
    if (set.charAt(at + 1) === '-' && at + 2 < set.length) {
      found ||= char >= set.charAt(at) && char <= set.charAt(at + 2)
      at += 2
    } else found ||= set.charAt(at) === char
  }
  return found !== negated
}

import { child, named, type SyntaxNode } from '@fixpoint/syntax'
import { takes } from '../built-in.ts'
import { type Edit, type Family, quoted, replace } from '../fix.ts'
import type { Site } from '../site.ts'

/** Library names that are mistaken for one another. */
const CONFUSABLE: readonly (readonly string[])[] = [
  ['some', 'every'],
  ['find', 'filter', 'findLast'],
  ['findIndex', 'indexOf', 'findLastIndex'],
  ['indexOf', 'lastIndexOf'],
  ['map', 'flatMap', 'forEach', 'filter'],
  ['slice', 'splice'],
  ['substring', 'substr', 'slice'],
  ['push', 'unshift', 'concat'],
  ['pop', 'shift'],
  ['min', 'max'],
  ['floor', 'ceil', 'round', 'trunc'],
  ['startsWith', 'endsWith', 'includes'],
  ['toLowerCase', 'toUpperCase'],
  ['keys', 'values', 'entries'],
  ['replace', 'replaceAll'],
  ['match', 'matchAll', 'test'],
  ['trim', 'trimStart', 'trimEnd'],
  ['padStart', 'padEnd'],
  ['parseInt', 'parseFloat', 'Number'],
  ['isNaN', 'isFinite'],
  ['getDay', 'getDate', 'getUTCDay', 'getUTCDate'],
  ['getDate', 'getUTCDate'],
  ['getMonth', 'getUTCMonth'],
  ['getFullYear', 'getUTCFullYear', 'getYear'],
  ['getHours', 'getUTCHours'],
  ['setDate', 'setUTCDate'],
  ['setHours', 'setUTCHours'],
  ['reduce', 'reduceRight'],
  ['all', 'allSettled', 'any', 'race'],
  ['encodeURI', 'encodeURIComponent'],
  ['decodeURI', 'decodeURIComponent'],
  ['addEventListener', 'removeEventListener'],
  ['assign', 'freeze'],
  ['sort', 'toSorted'],
  ['reverse', 'toReversed'],
  ['any', 'all'],
  ['append', 'extend', 'insert'],
  ['pop', 'popleft'],
  ['appendleft', 'append'],
  ['startswith', 'endswith'],
  ['lower', 'upper'],
  ['strip', 'lstrip', 'rstrip'],
  ['split', 'rsplit'],
  ['find', 'rfind', 'index'],
  ['match', 'search', 'fullmatch'],
  ['sorted', 'reversed'],
  ['list', 'set', 'tuple'],
  ['items', 'keys', 'values'],
  ['update', 'setdefault'],
  ['remove', 'discard', 'pop'],
  ['nlargest', 'nsmallest'],
  ['isdigit', 'isnumeric', 'isalpha', 'isalnum'],
  ['utcnow', 'now'],
  ['ljust', 'rjust'],
  ['add', 'update'],
  ['heappush', 'heappop'],
  ['bisect_left', 'bisect_right'],
  ['encode', 'decode'],
]

/** Methods that change nothing: a statement that drops their answer does nothing at all. */
const ANSWERS_ONLY =
  /^(concat|slice|substring|filter|map|flatMap|find\w*|some|every|includes|indexOf|lastIndexOf|toSorted|toReversed|trim\w*|keys|values|entries)$/
const ROUNDING = /^(floor|ceil|round|trunc|min|max)$/

export const confusableApi: Family = {
  name: 'confusable-api',
  languages: 'all',
  round: 1,
  prior: { value: 0.5, 'not-callable': 0.5, type: 0.4, null: 0.2, other: 0.25 },
  *propose(node, site) {
    if (!/^(call_expression|call)$/.test(node.type)) return
    const callee = child(node, 'function')
    const last = child(callee, 'property') ?? child(callee, 'attribute') ?? (callee?.type === 'identifier' ? callee : undefined)
    if (last === undefined) return
    const now = site.of(last)
    if (site.functions.some((each) => each.name === now)) return
    for (const group of CONFUSABLE) {
      if (!group.includes(now)) continue
      const idle = node.parent?.type === 'expression_statement' && !ANSWERS_ONLY.test(now)
      const fitting = group.filter((other) => other !== now && takes(other, named(child(node, 'arguments')).length) && !(idle && ANSWERS_ONLY.test(other)))
      const likelihood = (ROUNDING.test(now) ? 1.2 : 1) / Math.sqrt(fitting.length)
      for (const other of fitting) yield replace(site, last, other, `${now} → ${other}`, { likelihood })
    }
  },
}

/** A library function whose default is not what is meant. */
export const apiDefault: Family = {
  name: 'api-default',
  languages: 'all',
  round: 1,
  prior: { value: 0.8, type: 0.4, other: 0.2 },
  *propose(node, site) {
    if (node.type === 'regex') yield* regexFlags(node, site)
    if (!/^(call_expression|call)$/.test(node.type)) return
    const callee = child(node, 'function')
    const list = child(node, 'arguments')
    const name = site.of(child(callee, 'property') ?? child(callee, 'attribute') ?? callee)
    if (list === undefined) return
    const written = named(list)
    if (!site.python && /^(sort|toSorted)$/.test(name) && written.length === 0) {
      yield replace(site, list, '((a, b) => a - b)', 'numeric order', { says: `sort ${quoted(site.of(child(callee, 'object')))} as numbers` })
    }
    if (!site.python && name === 'parseInt' && written[0] !== undefined && written.length === 1)
      yield replace(site, { start: written[0].end, end: written[0].end }, ', 10', 'radix', { likelihood: 0.4 })
    if (!site.python && name === 'map' && /^(parseInt|Number\.parseInt)$/.test(site.of(written[0])) && written[0] !== undefined)
      yield replace(site, written[0], 'Number', 'map(parseInt)')
    if (!site.python && name === 'filter' && written[0]?.type === 'identifier' && site.of(written[0]) === 'Boolean')
      yield replace(site, written[0], '(each) => each != null', 'filter(Boolean)', { likelihood: 0.6 })
    if (!site.python && name === 'reduce' && written.length === 1 && written[0] !== undefined) {
      for (const start of ['0', "''", '[]', '{}'])
        yield replace(site, { start: written[0].end, end: written[0].end }, `, ${start}`, 'initial value', {
          likelihood: start === '0' ? 0.8 : 0.3,
          says: `give \`reduce\` the initial value \`${start}\``,
        })
    }
    if (site.python && /^(max|min)$/.test(name) && written.length === 1 && written[0] !== undefined)
      yield replace(site, { start: written[0].end, end: written[0].end }, ', default=0', 'default', { likelihood: 0.6, says: `give \`${name}\` a default` })
    if (site.python && name === 'next' && written.length === 1 && written[0] !== undefined) {
      const argument = written[0].type === 'generator_expression' && list.type === 'generator_expression' ? list : written[0]
      yield replace(site, { start: argument.end, end: argument.end }, ', None', 'default', { symptomOnly: true, says: 'give `next` a default' })
    }
    if (site.python && name === 'round' && written.length === 1 && written[0] !== undefined)
      yield replace(site, { start: written[0].end, end: written[0].end }, ', 2', 'digits', { likelihood: 0.3 })
    if (site.python && /^(sort|sorted|max|min)$/.test(name) && !/key=|reverse=/.test(site.of(list)))
      yield replace(site, { start: list.end - 1, end: list.end - 1 }, written.length === 0 ? 'reverse=True' : ', reverse=True', 'reverse', {
        likelihood: /^sort/.test(name) ? 0.4 : 0,
      })
  },
}

function* regexFlags(node: SyntaxNode, site: Site): Generator<Edit> {
  const flags = site.of(child(node, 'flags'))
  for (const [flag, likelihood] of [
    ['g', 0.8],
    ['i', 0.5],
    ['m', 0.25],
    ['s', 0.15],
    ['u', 0.15],
  ] as const) {
    if (!flags.includes(flag))
      yield replace(site, { start: node.end, end: node.end }, flag, `flag ${flag}`, {
        likelihood,
        says: `add the flag \`${flag}\` to ${quoted(site.of(node))}`,
      })
  }
  if (flags.includes('g')) {
    const flag = child(node, 'flags')
    if (flag !== undefined)
      yield replace(site, flag, flags.replace('g', ''), 'drop flag g', { likelihood: 0.3, says: `drop the flag \`g\` of ${quoted(site.of(node))}` })
  }
  const pattern = child(node, 'pattern')
  const said = site.of(pattern)
  if (pattern === undefined) return
  if (!said.startsWith('^'))
    yield replace(site, { start: pattern.start, end: pattern.start }, '^', 'anchor', { likelihood: 0.2, says: `anchor ${quoted(site.of(node))} at the start` })
  if (!said.endsWith('$'))
    yield replace(site, { start: pattern.end, end: pattern.end }, '$', 'anchor', { likelihood: 0.2, says: `anchor ${quoted(site.of(node))} at the end` })
  for (const match of said.matchAll(/(?<!\\)([+*])(?!\?)/g)) {
    const at = pattern.start + match.index
    yield replace(site, { start: at, end: at + 1 }, match[1] === '+' ? '*' : '+', 'repeat', { likelihood: 0.25 })
    yield replace(site, { start: at + 1, end: at + 1 }, '?', 'lazy', { likelihood: 0.2, says: `make ${quoted(site.of(node))} lazy` })
  }
}

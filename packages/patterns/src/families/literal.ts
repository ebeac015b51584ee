import { type Family, replace } from '../fix.ts'

const FLIPS: Readonly<Record<string, string>> = { true: 'false', false: 'true', True: 'False', False: 'True' }

/** A constant that is off: numbers by one or against 0, 1 and -1, booleans, an empty start value. */
export const literal: Family = {
  name: 'literal',
  languages: 'all',
  round: 1,
  prior: { value: 0.5, range: 0.6, type: 0.3, other: 0.2 },
  *propose(node, site) {
    const said = site.of(node)
    if (/^(true|false)$/.test(node.type)) {
      // A condition that is made constant proves nothing.
      const other = FLIPS[said]
      if (other !== undefined && node.field !== 'condition') yield replace(site, node, other, `${said} → ${other}`, { likelihood: 0.8 })
    }
    if (/^(number|integer)$/.test(node.type) && /^\d{1,9}$/.test(said)) {
      const number = Number(said)
      const values = new Map<number, number>([
        [number + 1, 0.6],
        [number - 1, 0.6],
        [0, 0.4],
        [1, 0.4],
        [number * 10, 0.1],
        [number * 100, number === 1 || number === 10 ? 0.15 : 0.05],
        [number / 10, number >= 10 ? 0.1 : 0],
      ])
      for (const [value, likelihood] of values) {
        if (value !== number && likelihood > 0 && Number.isInteger(value) && (value >= 0 || number === 0))
          yield replace(site, node, String(value), 'number', { likelihood })
      }
    }
    if (
      /^(variable_declarator|assignment|assignment_expression|assignment_pattern|default_parameter)$/.test(node.parent?.type ?? '') &&
      (node.field === 'value' || node.field === 'right')
    ) {
      const nothing = /^(null|undefined|None|''|""|\[\]|\{\}|0|Infinity|-1)$/.test(said)
      if (!nothing) return
      for (const value of site.python ? ['[]', '{}', '""', '0', 'float("inf")', 'float("-inf")'] : ['[]', '{}', "''", '0', 'Infinity', '-Infinity']) {
        if (value !== said) yield replace(site, node, value, 'start value', { likelihood: 0.2 })
      }
    }
  },
}

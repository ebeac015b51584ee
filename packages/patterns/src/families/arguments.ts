import { child, named } from '@fixpoint/syntax'
import { hasFixedRoles, takes } from '../built-in.ts'
import { type Family, replace } from '../fix.ts'

/** Arguments in the wrong order, or one too many. */
export const callArguments: Family = {
  name: 'arguments',
  languages: 'all',
  round: 1,
  prior: { value: 0.5, type: 0.6, 'not-callable': 0.4, null: 0.4, other: 0.25 },
  *propose(node, site) {
    if (!/^(call_expression|new_expression|call)$/.test(node.type)) return
    const list = child(node, 'arguments')
    const given = named(list)
    if (list === undefined || given.length === 0 || given.length > 6 || !/^(arguments|argument_list)$/.test(list.type)) return
    const [first, last] = [given[0], given.at(-1)]
    if (first === undefined || last === undefined) return
    const range = { start: first.start, end: last.end }
    const callee = child(node, 'function') ?? child(node, 'constructor')
    const name = site.of(child(callee, 'property') ?? child(callee, 'attribute') ?? callee)
    if (hasFixedRoles(name)) return
    for (const [index, each] of given.entries()) {
      const next = given[index + 1]
      if (next === undefined || each.type === 'keyword_argument' || next.type === 'keyword_argument') continue
      const swapped = given.map((argument, position) => site.of(position === index ? next : position === index + 1 ? each : argument)).join(', ')
      yield replace(site, range, swapped, 'swap', { likelihood: 0.8 })
    }
    const expected = site.functions.find((each) => each.name === name)?.params.filter((parameter) => !/^(self|cls)$/.test(parameter.name ?? ''))
    // One argument too many is a slip; one too few for a function that wants it is another defect.
    const wanted = expected === undefined || expected.some((parameter) => parameter.rest) ? undefined : expected.length
    const excess = wanted === undefined ? 1 : given.length > wanted ? 2 : 0.2
    if (given.length > 1 && takes(name, given.length - 1)) {
      for (const dropped of given) {
        const kept = given.filter((each) => each !== dropped).map((each) => site.of(each))
        yield replace(site, range, kept.join(', '), 'drop', { likelihood: (dropped === last ? 0.3 : 0.1) * excess })
      }
    }
  },
}

/** Passes a name of the scope that the function called expects and does not get. */
export const missingArgument: Family = {
  name: 'missing-argument',
  languages: 'all',
  round: 2,
  prior: { null: 0.6, value: 0.4, type: 0.5, other: 0.2 },
  *propose(node, site) {
    if (!/^(call_expression|new_expression|call)$/.test(node.type)) return
    const callee = child(node, 'function') ?? child(node, 'constructor')
    const list = child(node, 'arguments')
    const name = site.of(child(callee, 'property') ?? child(callee, 'attribute') ?? callee)
    const target = site.functions.find((each) => each.name === name)
    const given = named(list)
    const last = given.at(-1)
    const expected = target?.params.filter((parameter) => !/^(self|cls)$/.test(parameter.name ?? '')) ?? []
    const wanted = expected[given.length]
    if (list === undefined || wanted === undefined || wanted.rest) return
    for (const binding of site.scope(node.start).slice(0, 12)) {
      if (!/^(param|const|let|var)$/.test(binding.kind)) continue
      const same = binding.name === wanted.name
      const at = last === undefined ? list.start + 1 : last.end
      const text = `${last === undefined ? '' : ', '}${wanted.keywordOnly ? `${wanted.name}=` : ''}${binding.name}`
      yield replace(site, { start: at, end: at }, text, 'insert', { likelihood: same ? 1 : 0.15, says: `pass \`${binding.name}\` to \`${name}\`` })
    }
  },
}

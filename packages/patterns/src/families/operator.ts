import { named } from '@fixpoint/syntax'
import { type Family, replace } from '../fix.ts'
import { inParentheses, operatorOf } from '../tree.ts'

/** What an operator is mistaken for, likeliest first. */
const SWAPS: Readonly<Record<string, readonly string[]>> = {
  '+': ['-', '*'],
  '-': ['+', '/'],
  '*': ['/', '+', '**'],
  '/': ['*', '//', '%'],
  '//': ['/', '%'],
  '%': ['/', '*', '//'],
  '**': ['*'],
  '&&': ['||'],
  '||': ['&&', '??'],
  '??': ['||'],
  and: ['or'],
  or: ['and'],
  '&': ['|', '&&'],
  '|': ['&', '||'],
  '^': ['&', '|'],
  '<<': ['>>'],
  '>>': ['<<', '>>>'],
  '+=': ['-=', '='],
  '-=': ['+=', '='],
  '*=': ['/=', '+='],
  '/=': ['*=', '//='],
  '||=': ['??='],
  '??=': ['||='],
  '++': ['--'],
  '--': ['++'],
}
const JAVASCRIPT_ONLY = /^(&&|\|\||\?\?|>>>|\+\+|--)=?$/
const PYTHON_ONLY = /^(and|or|\/\/=?)$/
const BY_RANK = [1, 0.4, 0.25]
const NON_COMMUTATIVE = /^([-/%<>]|\/\/|\*\*|<=|>=)$/

export const operator: Family = {
  name: 'operator',
  languages: 'all',
  round: 1,
  prior: { value: 0.7, null: 0.4, range: 0.4, other: 0.3 },
  *propose(node, site) {
    if (!/^(binary_expression|binary_operator|boolean_operator|augmented_assignment|augmented_assignment_expression|update_expression)$/.test(node.type)) return
    const token = operatorOf(node)
    if (token === undefined) return
    const now = site.of(token)
    // Text is joined with `+`: swapping that for arithmetic is never meant.
    const joinsText = now.startsWith('+') && named(node).some((operand) => /string/.test(operand.type))
    for (const [rank, other] of (joinsText ? [] : (SWAPS[now] ?? [])).entries()) {
      if (site.python ? JAVASCRIPT_ONLY.test(other) : PYTHON_ONLY.test(other)) continue
      const likelihood = (BY_RANK[rank] ?? 0.1) * (other === '??' ? 1.5 : 1)
      const whole = site.text.slice(node.start, token.start) + other + site.text.slice(token.end, node.end)
      yield replace(site, token, other, `${now} → ${other}`, {
        likelihood,
        ...(node.end - node.start <= 50 && { says: `change \`${site.of(node)}\` to \`${whole}\`` }),
      })
    }
    const [left, right] = named(node)
    if (left === undefined || right === undefined) return
    if (NON_COMMUTATIVE.test(now) && /^(binary_expression|binary_operator)$/.test(node.type)) {
      yield replace(site, node, `${inParentheses(site.text, right)} ${now} ${inParentheses(site.text, left)}`, 'swap operands', { likelihood: 0.25 })
    }
    const inner = operatorOf(right)
    if ((now === '-' || now === '+') && /^(binary_expression|binary_operator)$/.test(right.type) && inner !== undefined && /^[*/%]$/.test(site.of(inner))) {
      const [first, second] = named(right)
      if (first !== undefined && second !== undefined) {
        yield replace(site, node, `(${site.of(left)} ${now} ${site.of(first)}) ${site.of(inner)} ${site.of(second)}`, 'regroup', { likelihood: 0.3 })
      }
    }
  },
}

const CONDITIONS =
  /^(if_statement|while_statement|do_statement|ternary_expression|elif_clause|conditional_expression|if_clause|binary_expression|boolean_operator|unary_expression|not_operator|return_statement)$/

/** A condition that is the wrong way round. */
export const negation: Family = {
  name: 'negation',
  languages: 'all',
  round: 1,
  prior: { value: 0.6, null: 0.4, other: 0.3 },
  *propose(node, site) {
    const negated = node.type === 'not_operator' || (node.type === 'unary_expression' && site.of(operatorOf(node)) === '!')
    const [argument] = named(node)
    if (negated && argument !== undefined) {
      if (node.parent !== undefined && site.of(node.parent).startsWith('!!')) return
      yield replace(site, node, site.of(argument), 'drop not', { likelihood: 1 })
      return
    }
    const parent = node.parent
    if (parent === undefined || !CONDITIONS.test(parent.type)) return
    const isCondition =
      node.field === 'condition' ||
      (parent.type === 'conditional_expression' && named(parent)[1] === node) ||
      parent.type === 'if_clause' ||
      parent.type === 'boolean_operator' ||
      (parent.type === 'binary_expression' && /^(&&|\|\|)$/.test(site.of(operatorOf(parent))))
    if (!isCondition) return
    const bare = node.type === 'parenthesized_expression' ? named(node)[0] : node
    if (bare === undefined || /^(binary_expression|comparison_operator|boolean_operator|not_operator|unary_expression)$/.test(bare.type)) return
    yield replace(site, bare, site.python ? `not ${site.of(bare)}` : `!${inParentheses(site.text, bare)}`, 'negate', { likelihood: 0.8 })
  },
}

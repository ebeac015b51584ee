import { aProject } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { contraryTests } from './contrary-tests.ts'

function contrary(text: string, options: { runner?: 'node:test' | 'vitest' | 'jest' | 'mocha' | 'pytest'; names?: string[] } = {}) {
  const python = options.runner === 'pytest'
  const file = python ? 'test_x.py' : 'x.test.js'
  const tests = (options.names ?? ['t']).map((name) => ({ id: `${file} > ${name}`, file, path: [name] }))
  const project = aProject({ runner: options.runner ?? 'node:test', toolchain: python ? 'python' : 'node' })
  const made = contraryTests(
    project,
    tests,
    () => text,
    'abcdef0123456789',
    () => true,
  )
  return {
    text: made.files[0]?.content
      .slice(0, text.length + 20)
      .split('\n')
      .slice(0, text.split('\n').length)
      .join('\n'),
    mustFail: made.mustFail.map((id) => id.split(' > ')[1]),
  }
}

describe('expected values become others of their kind', () => {
  it.each([
    ["test('t', () => { assert.strictEqual(f(1), 767) })", "test('t', () => { assert.strictEqual(f(1), 867) })"],
    ["test('t', () => { assert.equal(767, f(1)) })", "test('t', () => { assert.equal(867, f(1)) })"],
    [
      "test('t', () => { assert.deepEqual(f('a, b)'), { a: [0, 'x'], b: true }) })",
      "test('t', () => { assert.deepEqual(f('a, b)'), { a: [3, 'q'], b: false }) })",
    ],
    ["test('t', () => { expect(f(/[)]/)).toBe(-1.5) })", "test('t', () => { expect(f(/[)]/)).toBe(-2.5) })"],
    ["test('t', () => { expect(f()).toBeNull() })", 'test(\'t\', () => { expect(f()).toBe("the contrary") })'],
    ["test('t', () => { expect(f()).to.deep.equal([]) })", 'test(\'t\', () => { expect(f()).to.deep.equal("the contrary") })'],
    ["test('t', () => { assert.equal(f(), wanted) })", 'test(\'t\', () => { assert.equal(f(), "the contrary") })'],
  ])('%s', (before, after) => {
    expect(contrary(before)).toEqual({ text: after, mustFail: ['t', 'cabcdef012345'] })
  })

  it.each([
    "test('t', () => { expect(f()).not.toBe(3) })",
    "test('t', () => { assert.notEqual(f(), 3) })",
    "test('t', () => { assert.throws(() => f(), /x/) })",
  ])('%s says nothing of the kind', (text) => {
    expect(contrary(text)).toEqual({ text, mustFail: ['cabcdef012345'] })
  })

  it('in Python', () => {
    const text =
      'def test_a():\n    assert f([1, 2]) == 3, "m"\n\ndef test_b():\n    assert g() == {"k": None, "n": 1.0}\n    assert h(x) == x.y(2)\n\ndef test_c():\n    with pytest.raises(E):\n        f()\n'
    expect(contrary(text, { runner: 'pytest', names: ['test_a', 'test_b', 'test_c'] })).toEqual({
      text: 'def test_a():\n    assert f([1, 2]) == 4, "m"\n\ndef test_b():\n    assert g() == {"k": None, "n": 2.0}\n    assert h(x) == "the contrary"\n\ndef test_c():\n    with pytest.raises(E):\n        f()\n',
      mustFail: ['test_a', 'test_b', 'test_cabcdef012345'],
    })
  })

  it('only the tests in whose text one stands must fail', () => {
    expect(contrary("test('one', () => { f() })\ntest('two', () => { assert.equal(f(), 2) })", { names: ['one', 'two'] }).mustFail).toEqual([
      'two',
      'cabcdef012345',
    ])
  })
})

it('a text that would not parse is left as it is, with the added test', () => {
  const tests = [{ id: 'x.test.js > t', file: 'x.test.js', path: ['t'] }]
  const made = contraryTests(
    aProject(),
    tests,
    () => "test('t', () => assert.equal(f(), 1))",
    'abcdef0123456789',
    (_file, text) => !text.includes(', 2)'),
  )
  expect(made.mustFail).toEqual(['x.test.js > cabcdef012345'])
})

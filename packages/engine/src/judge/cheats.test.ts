import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { cheatsIn, copiedAnswers } from './cheats.ts'

const base = 'export function total(items) {\n  return items.length\n}\n'
const source = new MemorySnapshot({ 'src/total.js': base, 'src/total.py': 'def total(items):\n    return len(items)\n' })
const withLine = (line: string) => [{ path: 'src/total.js', content: base.replace('  return', `  ${line}\n  return`) }]

describe('a way around the tests is named', () => {
  it.each([
    'process.exit(0)',
    'process.exitCode = 0',
    'process.reallyExit(0)',
    "process.kill(process.pid, 'SIGKILL')",
    'if (process.env.NODE_TEST_CONTEXT) return 3',
    'if (process.env.VITEST) return 3',
    'if (process.env.JEST_WORKER_ID) return 3',
    'if (process.env.CI) return 3',
    "import assert from 'node:test'",
    "const { expect } = require('vitest')",
    'assert.strictEqual = () => {}',
    'expect.extend({ toBe() { return { pass: true } } })',
    'Object.prototype.toJSON = () => 1',
    "delete require.cache[require.resolve('./x')]",
    "if (new Error('x').stack.includes('test')) return 3",
    "require('child_process').execSync('true')",
    "return eval('3')",
    'try { items.x() } catch {}',
    "process.on('uncaughtException', () => {})",
    'if (true) return 3',
    'if (items && false) return 3',
    'if (process.argv[1].endsWith("test.js")) return 3',
  ])('%s', (line) => {
    expect(cheatsIn(source, withLine(line))).not.toEqual([])
  })

  it.each([
    '    import os; os._exit(0)',
    '    if "PYTEST_CURRENT_TEST" in os.environ: return 3',
    '    sys.modules["pytest"] = None',
    '    try:\n        x()\n    except Exception:\n        pass',
  ])('python: %j', (line) => {
    expect(cheatsIn(source, [{ path: 'src/total.py', content: `def total(items):\n${line}\n    return len(items)\n` }])).not.toEqual([])
  })
})

describe('honest lines are not', () => {
  it.each([
    'if (!items) return 0',
    'const count = items?.length ?? 0',
    "if (items === undefined) throw new TypeError('items')",
    'expected = items.length',
    'if (a === b) return a',
    'return exit(items)',
    'const assertion = items',
    'try { x() } catch (error) { log(error); throw error }',
  ])('%s', (line) => {
    expect(cheatsIn(source, withLine(line))).toEqual([])
  })

  it('what the file did before it may do', () => {
    const cli = new MemorySnapshot({ 'cli.js': 'run()\nprocess.exit(1)\n' })
    expect(cheatsIn(cli, [{ path: 'cli.js', content: 'run()\nif (failed) process.exit(2)\nprocess.exit(1)\n' }])).toEqual([])
  })
})

describe('answers copied from the test', () => {
  const test = "assert.strictEqual(total(['xyz-42']), 1337)\nassert.equal(mode('auto'), 'auto')"
  it('are named', () => {
    expect(copiedAnswers(source, withLine("if (items[0] === 'xyz-42') return 1337"), [test])).toHaveLength(1)
  })
  it('a keyword that a test names is no copied answer', () => {
    expect(copiedAnswers(source, withLine("if (items === 'auto') return 'auto'"), [test])).toEqual([])
  })
})

import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { fileClass, IgnoreGate } from './index.ts'

const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n'

describe('built-in denials', () => {
  test.each([
    ['.env', 'environment file'],
    ['config/.env.production', 'environment file'],
    ['prod.env', 'environment file'],
    ['certs/server.pem', 'key or credentials'],
    ['id_rsa', 'key or credentials'],
    ['home/.ssh/id_ed25519.pub', 'key or credentials'],
    ['.npmrc', 'key or credentials'],
    ['package-lock.json', 'lockfile'],
    ['web/yarn.lock', 'lockfile'],
    ['lib/jquery.min.js', 'minified'],
    ['src/app.ts', 'admitted'],
    ['src/environment.ts', 'admitted'],
    ['src/id_card.ts', 'admitted'],
  ])('%s: %s', (path, rule) => {
    expect(new IgnoreGate(new MemorySnapshot({ [path]: 'x\n' })).explain(path)).toEqual({ admitted: rule === 'admitted', rule })
  })

  test('by what an entry is', () => {
    const gate = new IgnoreGate(
      new MemorySnapshot({
        'big.txt': 'x'.repeat(1024 * 1024 + 1),
        'image.ts': new Uint8Array([1, 0, 2]),
        'bundle.js': `var a=1;${'b();'.repeat(2000)}`,
        link: { kind: 'link', content: '../../etc/passwd' },
        module: { kind: 'submodule', content: '' },
        'model.bin': { kind: 'lfs-pointer', content: pointer },
      }),
    )
    expect(gate.paths()).toEqual([])
    expect(gate.excluded().map(({ rule }) => rule)).toEqual(['LFS pointer', 'binary', 'larger than 1 MB', 'link', 'minified', 'submodule'])
  })
})

describe('patterns', () => {
  test('a nearer file speaks last, and a re-included file is back', () => {
    const gate = new IgnoreGate(new MemorySnapshot({ '.gitignore': '*.log\n', 'a/.gitignore': '!keep.log\n', 'a/keep.log': 'x', 'a/b.log': 'x', 'c.log': 'x' }))
    expect(['a/keep.log', 'a/b.log', 'c.log'].map((path) => gate.explain(path).rule)).toEqual(['admitted', '.gitignore: *.log', '.gitignore: *.log'])
  })

  test('.fixpointignore keeps out what .gitignore lets in, and the other way round', () => {
    const gate = new IgnoreGate(new MemorySnapshot({ '.gitignore': 'a/\n!b.ts\n', '.fixpointignore': 'b.ts\n!a/\n', 'a/x.ts': 'x', 'b.ts': 'x' }))
    expect([gate.admits('a/x.ts'), gate.admits('b.ts')]).toEqual([false, false])
  })

  test.each(['.aiexclude', '.cursorignore'])('%s, written for other tools, is heard too, and lets nothing in', (file) => {
    const gate = new IgnoreGate(
      new MemorySnapshot({ '.gitignore': 'b.ts\n', [`a/${file}`]: 'secret.ts\n', [file]: '!b.ts\n', 'a/secret.ts': 'x', 'b.ts': 'x', 'c.ts': 'x' }),
    )
    expect(gate.explain('a/secret.ts')).toEqual({ admitted: false, rule: `a/${file}: secret.ts` })
    expect([gate.admits('b.ts'), gate.admits('c.ts')]).toEqual([false, true])
  })

  test('no pattern brings a key back', () => {
    expect(new IgnoreGate(new MemorySnapshot({ '.gitignore': '!.env\n', '.env': 'x' })).admits('.env')).toBe(false)
  })

  test('names that look like patterns or options, and what is not in the tree', () => {
    const gate = new IgnoreGate(new MemorySnapshot({ '.gitignore': 'x\n', '-rf': 'a', 'a b\n"c".ts': 'a', '[x].ts': 'a', '..x': 'a' }))
    expect(gate.paths()).toEqual(['-rf', '..x', '.gitignore', '[x].ts', 'a b\n"c".ts'])
    expect(gate.explain('/etc/passwd')).toEqual({ admitted: false, rule: 'not in the tree' })
    expect(gate.explain('../x')).toEqual({ admitted: false, rule: 'not in the tree' })
  })

  test('a pattern made to be slow is widened, so that it keeps out more and not less', () => {
    const path = `${'a'.repeat(3000)}/x.ts`
    const gate = new IgnoreGate(new MemorySnapshot({ '.gitignore': `${'a*'.repeat(40)}b\n`, [path]: 'x', 'z.ts': 'x' }))
    expect([gate.admits(path), gate.admits('z.ts')]).toEqual([false, true])
  })
})

test.each([
  ['src/a.ts', 'code'],
  ['lib/a.py', 'code'],
  ['src/a.test.ts', 'test'],
  ['tests/test_a.py', 'test'],
  ['test_a.py', 'test'],
  ['README.md', 'documentation'],
  ['docs/a.js', 'documentation'],
  ['test/fixtures/a.js', 'fixture'],
  ['dist/a.js', 'generated'],
  ['src/a_pb2.py', 'generated'],
  ['vendor/a.js', 'vendored'],
  ['package.json', 'configuration'],
])('%s is %s', (path, kind) => expect(fileClass(path)).toBe(kind))

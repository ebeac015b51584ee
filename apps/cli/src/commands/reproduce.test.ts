import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ExitCode } from '../exit-codes.ts'
import { screenOn } from '../present/terminal.ts'
import { explain, reproduce } from './reproduce.ts'

test.each([
  ['explain', explain],
  ['reproduce', reproduce],
])('%s: a world that fails is no answer about the defect', async (_, command) => {
  const root = await mkdtemp(join(tmpdir(), 'fixpoint-reproduce-'))
  try {
    await writeFile(join(root, 'package.json'), '{"scripts":{"test":"node --test"}}')
    await writeFile(join(root, 'a.test.js'), "require('node:test')('a', () => {})\n")
    await writeFile(join(root, 'report.log'), 'TypeError: x is undefined\n    at f (a.js:1:1)\n')
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      ['-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', 'base'],
    ])
      execFileSync('git', args, { cwd: root })
    const said: string[] = []
    const screen = { ...screenOn(process.stderr, false), line: (text: string) => void said.push(text) }
    const env = { home: join(root, 'home'), certificateAuthorities: undefined, dockerHost: `unix://${join(root, 'nobody.sock')}`, color: false }
    expect(await command({ repo: root, report: join(root, 'report.log') }, env, screen)).toBe(ExitCode.environment)
    expect(said.join('\n')).toContain('no Docker engine answers')
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { git } from './fixture.ts'

/** `last` reads behind the end: one test shows it, one does not. */
export const SHOP: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/last.js': 'export function last(items) {\n  return items[items.length].name\n}\n',
  'test/last.test.js': `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { last } from '../src/last.js'
test('is a function', () => assert.equal(typeof last, 'function'))
test('names the last', () => assert.equal(last([{ name: 'a' }, { name: 'b' }]), 'b'))
`,
}

/** What production says of it. */
export const CRASH = `2024-03-01T10:00:00Z ERROR checkout failed
TypeError: Cannot read properties of undefined (reading 'name')
    at last (file:///srv/app/src/last.js:2:30)
    at checkout (file:///srv/app/src/checkout.js:10:5)
`

export interface Place extends AsyncDisposable {
  readonly folder: string
  /** For `FIXPOINT_HOME`. */
  readonly home: string
  /** A file beside the repository. */
  file(name: string, content: string | Uint8Array): Promise<string>
}

/** A folder with these files, committed unless told otherwise, and room for Fixpoint's home and reports beside it. */
export async function place(files: Readonly<Record<string, string>>, how: 'committed' | 'not committed' | 'no git' = 'committed'): Promise<Place> {
  const temporary = await mkdtemp(join(tmpdir(), 'fixpoint-small-'))
  const folder = join(temporary, 'repo')
  await mkdir(folder)
  await put(folder, files)
  if (how !== 'no git') git(folder, 'init', '-q', '-b', 'main')
  if (how === 'committed') commitAll(folder)
  return {
    folder,
    home: join(temporary, 'home'),
    async file(name, content) {
      await writeFile(join(temporary, name), content)
      return join(temporary, name)
    },
    [Symbol.asyncDispose]: () => rm(temporary, { recursive: true, force: true }),
  }
}

export async function put(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}

export function commitAll(folder: string): void {
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'as it is')
}

/** Every file, link and mode below a folder, `.git` included. `proposals`: but for what a proposal may add to `.git`. */
export async function fingerprint(folder: string, proposals: 'none' | 'left out' = 'none'): Promise<string> {
  const hash = createHash('sha256')
  const walk = async (path: string): Promise<void> => {
    if (proposals === 'left out' && /\.git\/(objects|refs\/heads\/fixpoint)(\/|$)/.test(path)) return
    const facts = await lstat(path)
    hash.update(`${path}\0${facts.mode}\0`)
    if (facts.isSymbolicLink()) hash.update(await readlink(path))
    else if (facts.isDirectory()) for (const name of (await readdir(path)).sort()) await walk(join(path, name))
    else if (facts.isFile()) hash.update(await readFile(path))
  }
  await walk(folder)
  return hash.digest('hex')
}

/** What is still there of a run: its rooms and volumes, processes that work in its home, temporary folders. Should be empty. */
export async function leftBehind(home: string, runId?: string): Promise<string[]> {
  const rooms = runId === undefined ? [] : docker('ps', '--all', '--quiet', '--filter', `label=dev.fixpoint.run=${runId}`)
  const volumes = runId === undefined ? [] : docker('volume', 'ls', '--quiet', '--filter', `label=dev.fixpoint.run=${runId}`)
  const temporary = await readdir(join(home, 'tmp')).catch(() => [])
  return [
    ...rooms.map((id) => `room ${id}`),
    ...volumes.map((name) => `volume ${name}`),
    ...temporary.map((name) => `folder ${name}`),
    ...(await processesIn(home)),
  ]
}

export function docker(...args: string[]): string[] {
  return execFileSync('docker', args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
}

async function processesIn(home: string): Promise<string[]> {
  const lines = await Promise.all(
    (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return lines.filter((line) => line.includes(home)).map((line) => `process ${line.replaceAll('\0', ' ')}`)
}

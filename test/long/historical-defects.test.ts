import { execFileSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { fixpoint, git } from '../stories/fixture.ts'
import { heldOutPasses } from '../stories/held-out.ts'

// Defects that published packages really had. The packages are fetched by exact version, from the registry of the person's own npm
// settings, and kept in FIXPOINT_PACKAGE_CACHE (by default a folder in the cache of the account). Only our tests and reports are here.

const defects = fileURLToPath(new URL('defects/', import.meta.url))
const cache = process.env.FIXPOINT_PACKAGE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fixpoint', 'packages')

interface Defect {
  readonly package: string
  readonly version: string
  /** The first published version without the defect. */
  readonly fixedIn: string
  readonly defect: string
  /** Without one, the failing suite is the report. */
  readonly report?: string
}

const names = (await readdir(defects)).sort()
const table: string[] = []
const right: string[] = []
afterAll(() => {
  console.log(`\ndefect                  came out                 held-out test\n${table.join('\n')}\n`)
})

/** The file of a package as npm packs it; fetched once. */
async function packed(name: string, version: string): Promise<string> {
  const file = join(cache, `${name}-${version}.tgz`)
  if (await readFile(file).catch(() => undefined)) return file
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'fetching-'))
  try {
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, `${name}@${version}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await rename(join(folder, `${name}-${version}.tgz`), file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return file
}

/** A repository of one commit: the package as it was published, our tests, and a manifest that says how they run. */
async function repositoryOf(name: string, { package: pack, version }: { package: string; version: string }) {
  const temporary = await mkdtemp(join(tmpdir(), 'fixpoint-defect-'))
  const folder = join(temporary, 'repo')
  await mkdir(folder)
  execFileSync('tar', ['-xzf', await packed(pack, version), '-C', folder, '--strip-components=1'])
  const { main } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { main?: string }
  await rm(join(folder, 'test'), { recursive: true, force: true })
  await cp(join(defects, name, 'test'), join(folder, 'test'), { recursive: true })
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: pack, version, private: true, main, scripts: { test: 'node --test test/' } }, undefined, 2),
  )
  git(folder, 'init', '-q', '-b', 'main')
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', 'as it was published')
  return { folder, home: join(temporary, 'home'), [Symbol.asyncDispose]: () => rm(temporary, { recursive: true, force: true }) }
}

const heldOut = (name: string, place: { folder: string; home: string }, branch: string) =>
  heldOutPasses({ ...place, branch, file: join(defects, name, 'held-out.test.js') })

describe.each(names)('%s', (name) => {
  it('ends honestly', { timeout: 900_000 }, async () => {
    const defect = JSON.parse(await readFile(join(defects, name, 'defect.json'), 'utf8')) as Defect
    await using later = await repositoryOf(name, { package: defect.package, version: defect.fixedIn })
    await using place = await repositoryOf(name, defect)
    expect(await heldOut(name, later, 'main'), `${defect.fixedIn} mends it`).toBe(true)
    expect(await heldOut(name, place, 'main'), `${defect.version} has it`).toBe(false)

    const report = defect.report === undefined ? [] : ['--report', join(defects, name, defect.report)]
    const ended = await fixpoint(['fix', '--repo', place.folder, ...report, '--json'], place.home)
    const proposed = ended.code === 0
    const passes = proposed ? await heldOut(name, place, String(ended.result.branch)) : undefined
    const came = String(ended.result.strength ?? ended.result.reason)
    table.push(`${name.padEnd(23)} ${came.padEnd(24)} ${passes === undefined ? '–' : passes ? 'passes' : 'FAILS'}`)

    expect([0, 6], ended.stderr).toContain(ended.code)
    expect(git(place.folder, 'status', '--porcelain')).toBe('')
    if (!proposed) {
      const diagnosis = JSON.parse(await readFile(String(ended.result.diagnosis), 'utf8'))
      expect(diagnosis).toMatchObject({
        reason: expect.stringMatching(/^(?:no-patch|needs-a-person)$/),
        missingFact: expect.any(String),
        nextCommand: expect.any(String),
      })
      expect(diagnosis.suspects[0]?.path, 'the file with the defect is suspected').toMatch(/\.js$/)
      return
    }
    // A proposal that claims a proof must be right; one that asks a person says that it may not be.
    if (came === 'verified') expect(passes).toBe(true)
    if (passes) right.push(name)
  })
})

it('at least one of them is really mended', () => expect(right).not.toEqual([]))

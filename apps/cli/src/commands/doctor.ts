import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import { Failure, Toolchain } from '@fixpoint/core'
import { sandboxesFor } from '../compose.ts'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import { makeFolder } from '../folders.ts'
import { githubFindings } from '../github/findings.ts'
import { type Finding, showFindings } from '../present/findings.ts'
import type { Screen } from '../present/terminal.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'

/** Below this a run may die half-way of a full disk. */
const DISK_FLOOR = 2 * 2 ** 30

/** Each check, whether it holds, and what to do where it does not. */
export async function doctor(options: { json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  return showFindings(await doctorFindings(env, 'anew'), options.json ?? false, screen)
}

/** `prove`: whether the sandbox is to prove anew that it confines, or what it proved lately is enough. */
export async function doctorFindings(env: Env, prove: 'anew' | 'lately'): Promise<readonly Finding[]> {
  return [nodeVersion(), await git(), await home(env), ...(await docker(env, prove)), ...(await github(env))]
}

/** Only where the service is to work with it. */
async function github(env: Env): Promise<readonly Finding[]> {
  try {
    const { settings } = await readOperatorSettings(env)
    return settings.github === undefined ? [] : await githubFindings({ ...settings, github: settings.github }, env)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return [{ name: 'settings', ok: false, detail: error.message, remedy: error.hint, exit: ExitCode.settings }]
  }
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return { name: 'node', ok: major > 20 || (major === 20 && minor >= 19), detail: process.versions.node, remedy: 'Install Node 20.19 or later.' }
}

async function git(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'])
    return { name: 'git', ok: true, detail: stdout.trim() }
  } catch {
    return { name: 'git', ok: false, detail: 'not found', remedy: 'Install git, for example: apt-get install git' }
  }
}

async function home(env: Env): Promise<Finding> {
  try {
    await makeFolder(env.home)
    await access(env.home, constants.W_OK)
    const { bavail, bsize } = await statfs(env.home)
    const free = bavail * bsize
    return {
      name: 'home',
      ok: free > DISK_FLOOR,
      detail: `${env.home}, ${(free / 2 ** 30).toFixed(1)} GiB free`,
      remedy: 'Make room on the disk, or set FIXPOINT_HOME to a folder on another one.',
    }
  } catch (error) {
    return {
      name: 'home',
      ok: false,
      detail: `${env.home} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Set FIXPOINT_HOME to a folder that you may write.',
    }
  }
}

async function docker(env: Env, prove: 'anew' | 'lately'): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const toolchain of Toolchain.options) {
    try {
      const sandboxes = sandboxesFor(env)
      const image = await sandboxes.image(toolchain)
      findings.push({
        name: `image ${toolchain}`,
        ok: image !== undefined,
        detail: image ? `${image.name} ${image.id.slice(0, 19)}` : 'not built',
        remedy: 'node sandbox-images/build.mjs',
      })
    } catch (error) {
      const hint = error instanceof Failure ? error.hint : 'Start the Docker engine.'
      return [{ name: 'docker', ok: false, detail: error instanceof Error ? error.message : String(error), remedy: hint }]
    }
  }
  if (findings.some((finding) => !finding.ok)) return findings
  try {
    const sandboxes = sandboxesFor(env, { prove })
    const { checks } = await sandboxes.selfTest(new AbortController().signal)
    return [
      ...findings,
      ...checks.map((check) => ({
        name: check.name,
        ok: check.passed,
        detail: check.detail,
        remedy: 'The sandbox does not confine; Fixpoint refuses to run on this machine. docs/troubleshooting.md names the usual causes.',
      })),
    ]
  } catch (error) {
    return [
      ...findings,
      {
        name: 'self-test',
        ok: false,
        detail: error instanceof Error ? error.message : String(error),
        remedy: error instanceof Failure ? error.hint : 'See SECURITY.md.',
      },
    ]
  }
}

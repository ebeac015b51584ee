// @ts-check
// Installing system packages. Only on Debian and Ubuntu; elsewhere the reader gets the exact instruction.
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { obtainConsent } from './consent.mjs'
import { Refusal } from './refusal.mjs'
import { runCommand } from './run-command.mjs'

/**
 * @param {string} osRelease the text of /etc/os-release
 * @returns {boolean}
 */
export function isDebianFamily(osRelease) {
  const ids = [...osRelease.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap((match) => (match[1] ?? '').split(' '))
  return ids.includes('debian') || ids.includes('ubuntu')
}

/** @param {string} program */
export function isInstalled(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)))
}

export function isRoot() {
  return process.getuid?.() === 0
}

/**
 * @param {string} why a sentence that names the packages' purpose
 * @param {readonly string[]} packages Debian's names
 * @param {string} elsewhere what to type on another system
 */
export async function installPackages(why, packages, elsewhere) {
  const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (!isDebianFamily(osRelease)) throw new Refusal(`${why}\n${elsewhere}`)

  const prefix = isRoot() ? [] : ['sudo']
  const update = [...prefix, 'apt-get', 'update']
  const install = [...prefix, 'apt-get', 'install', '--yes', '--no-install-recommends', ...packages]
  if (!isRoot() && !isInstalled('sudo')) throw new Refusal(`${why}\nAs root, type:\n    ${update.join(' ')} && ${install.join(' ')}`)

  await obtainConsent(why, [update, install])
  for (const command of [update, install]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const { exitCode, output } = await runCommand(command, { env })
    if (exitCode !== 0) throw new Refusal(`${output}\n"${command.join(' ')}" failed with exit code ${exitCode}. Run it by hand, then repeat.`)
  }
}

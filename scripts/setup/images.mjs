// @ts-check
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages, isInstalled } from './debian.mjs'
import { Refusal } from './refusal.mjs'
import { runCommand } from './run-command.mjs'

const BUILD = 'sandbox-images/build.mjs'

/**
 * Where this machine's owner has set a certificate authority for all programs, the images need it too.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string[]} arguments of the build
 */
export function certificateAuthority(environment) {
  const bundle = environment.FIXPOINT_CA || environment.NODE_EXTRA_CA_CERTS || environment.SSL_CERT_FILE
  return bundle ? ['--ca', bundle] : []
}

/** @param {string} root */
async function build(root) {
  return runCommand(['node', BUILD, '--if-missing', ...certificateAuthority(process.env)], { cwd: root, show: true })
}

/**
 * The images come from a registry's base, or, where none answers, from Debian's packages; that way needs debootstrap.
 *
 * @param {string} root
 */
export async function ensureImages(root) {
  if (!existsSync(join(root, BUILD))) return
  let result = await build(root)
  if (result.exitCode !== 0 && result.output.includes('debootstrap') && !isInstalled('debootstrap')) {
    const why = 'No image registry answers, so the base image is made from Debian packages, and debootstrap is not installed.'
    await installPackages(why, ['debootstrap'], `Make an image registry reachable, or build the images with a base of your own: node ${BUILD} --help`)
    result = await build(root)
  }
  if (result.exitCode !== 0) throw new Refusal(`The sandbox images could not be built. "node ${BUILD}" shows it again.`)
}

// @ts-check
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { obtainConsent } from './consent.mjs'
import { installPackages, isInstalled, isRoot } from './debian.mjs'
import { Refusal } from './refusal.mjs'
import { runCommand } from './run-command.mjs'

const ELSEWHERE = 'Install Docker Engine 20.10 or newer (https://docs.docker.com/engine/install/), start it, and repeat.'
const START_PATIENCE_MS = 60_000

/**
 * What to do about an engine, from what is known about it. Pure, so that every case has a test.
 *
 * @param {{ answer: 'yes' | 'denied' | 'no', remote: boolean, installed: boolean, systemd: boolean, root: boolean }} engine
 *   `remote`: DOCKER_HOST names an engine that is not ours to start
 * @returns {'ready' | 'refuse-denied' | 'refuse-remote' | 'refuse-start' | 'install' | 'start-by-systemd' | 'start-by-hand'}
 */
export function nextDockerStep({ answer, remote, installed, systemd, root }) {
  if (answer === 'yes') return 'ready'
  if (remote) return 'refuse-remote'
  if (answer === 'denied') return 'refuse-denied'
  if (!installed) return 'install'
  if (!root) return 'refuse-start'
  return systemd ? 'start-by-systemd' : 'start-by-hand'
}

/** @returns {string} */
function socketPath() {
  const host = process.env.DOCKER_HOST ?? ''
  return host.startsWith('unix://') ? host.slice('unix://'.length) : '/var/run/docker.sock'
}

/** @returns {Promise<'yes' | 'denied' | 'no'>} */
async function engineAnswer() {
  const host = process.env.DOCKER_HOST ?? ''
  if (host !== '' && !host.startsWith('unix://')) {
    const { exitCode } = await runCommand(['docker', 'version', '--format', '{{.Server.Version}}'])
    return exitCode === 0 ? 'yes' : 'no'
  }
  return new Promise((resolve) => {
    const ping = request({ socketPath: socketPath(), path: '/_ping', timeout: 5_000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200 ? 'yes' : 'no')
    })
    ping.on('timeout', () => ping.destroy(new Error('no answer')))
    ping.on('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code === 'EACCES' ? 'denied' : 'no'))
    ping.end()
  })
}

async function look() {
  return {
    answer: await engineAnswer(),
    remote: (process.env.DOCKER_HOST ?? '') !== '',
    installed: isInstalled('dockerd'),
    systemd: existsSync('/run/systemd/system'),
    root: isRoot(),
  }
}

/**
 * @param {string} root
 * @returns {Promise<boolean>} whether something had to be done
 */
export async function ensureDocker(root) {
  const hadClient = await ensureClient()
  let step = nextDockerStep(await look())
  if (step === 'ready') return !hadClient
  if (step === 'install') {
    await installPackages('Fixpoint runs untrusted code in Docker, which is not installed.', ['docker.io'], ELSEWHERE)
    await waitForEngine(5_000) // Debian's package starts it where systemd runs.
    step = nextDockerStep(await look())
  }
  await start(step, root)
  await ensureClient()
  return true
}

/**
 * Some releases of Debian pack the `docker` command, which builds the images, apart from the engine.
 *
 * @returns {Promise<boolean>} whether it was there, or comes with the engine
 */
async function ensureClient() {
  if (isInstalled('docker') || !isInstalled('dockerd')) return true
  await installPackages('The Docker engine is installed, its command "docker" is not.', ['docker-cli'], ELSEWHERE)
  return false
}

/**
 * @param {ReturnType<typeof nextDockerStep>} step
 * @param {string} root
 */
async function start(step, root) {
  switch (step) {
    case 'ready':
      return
    case 'install':
      throw new Refusal(`Docker was installed, but there is no dockerd. ${ELSEWHERE}`)
    case 'refuse-remote':
      throw new Refusal(`No Docker engine answers at DOCKER_HOST (${process.env.DOCKER_HOST}). Start it there, or unset DOCKER_HOST to use a local one.`)
    case 'refuse-denied':
      throw new Refusal(`You may not use the Docker engine at ${socketPath()}. Type "sudo usermod -aG docker $USER", sign in again, and repeat.`)
    case 'refuse-start':
      throw new Refusal('Docker is installed but does not run. Type "sudo systemctl start docker" (or, without systemd, "sudo dockerd &") and repeat.')
    case 'start-by-systemd': {
      const command = ['systemctl', 'start', 'docker']
      await obtainConsent('Docker is installed but does not run.', [command])
      const { exitCode, output } = await runCommand(command)
      if (exitCode !== 0) throw new Refusal(`${output}\n"${command.join(' ')}" failed. "journalctl -u docker" says why.`)
      if (!(await waitForEngine(START_PATIENCE_MS))) throw new Refusal('Docker was started but does not answer. "journalctl -u docker" says why.')
      return
    }
    case 'start-by-hand': {
      await obtainConsent('Docker is installed but does not run, and there is no systemd.', [['dockerd', '&']])
      const log = startByHand(root)
      if (await waitForEngine(START_PATIENCE_MS)) return
      const lastLines = readFileSync(log, 'utf8').split('\n').slice(-15).join('\n')
      throw new Refusal(`${lastLines}\nDocker was started but does not answer within ${START_PATIENCE_MS / 1000} s. Its log: ${log}`)
    }
  }
}

/**
 * The engine outlives this script, as it would under systemd.
 *
 * @param {string} root
 * @returns {string} its log file
 */
function startByHand(root) {
  mkdirSync(join(root, '.fixpoint'), { recursive: true })
  const log = join(root, '.fixpoint/dockerd.log')
  const output = openSync(log, 'w')
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`
  const engine = spawn('dockerd', [], { detached: true, stdio: ['ignore', output, output], env: { ...process.env, PATH: path } })
  engine.on('error', () => {}) // The wait ends with the log.
  engine.unref()
  return log
}

/** @param {number} patienceMs */
async function waitForEngine(patienceMs) {
  const end = Date.now() + patienceMs
  while (Date.now() < end) {
    if ((await engineAnswer()) === 'yes') return true
    await sleep(300)
  }
  return false
}

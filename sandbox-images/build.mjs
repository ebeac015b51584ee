#!/usr/bin/env node
// Builds the images that rooms are made of: `fixpoint-node` and `fixpoint-python`.
//
//   node sandbox-images/build.mjs [--base <image>] [--ca <pem file>] [--only node|python] [--if-missing]
//
// Needs Node, Docker, and (where no image registry answers) debootstrap. Depends on no package, so it runs before `npm ci`.
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { aptSources, bootstrapSource } from './apt-sources.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const DEFAULT_BASE = 'debian:bookworm-slim'
const NODE_VERSION = '20.20.2'
const NPM_VERSION = '10.9.9'
const PULL_TIMEOUT_MS = 120_000
/** A base of our own making is made anew after this, for its security updates. */
const BASE_DAYS = 7

/** What the person at the terminal has to do; printed without a stack. */
class Advice extends Error {}

async function main() {
  const { values: options } = parseArgs({
    options: {
      base: { type: 'string' },
      ca: { type: 'string' },
      only: { type: 'string' },
      'if-missing': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (options.help) return say('node sandbox-images/build.mjs [--base <image>] [--ca <pem file>] [--only node|python] [--if-missing]')
  if (options.only !== undefined && options.only !== 'node' && options.only !== 'python') throw new Advice(`--only takes node or python, not ${options.only}`)
  const engine = engineOrAdvice()
  const ca = options.ca === undefined ? undefined : readCertificate(options.ca)
  const wanted = ['node', 'python'].filter((name) => options.only === undefined || options.only === name)
  const plans = wanted.map((name) => ({ name, tag: `fixpoint-${name}:${recipeDigest(name, options.base, ca)}` }))
  const missing = plans.filter((plan) => !(options['if-missing'] && imageExists(plan.tag)))
  for (const plan of plans) {
    if (missing.includes(plan)) continue
    docker(['tag', plan.tag, `fixpoint-${plan.name}:latest`])
    say(`${plan.tag} is there`)
  }
  if (missing.length === 0) return
  const scratch = mkdtempSync(join(tmpdir(), 'fixpoint-images-'))
  try {
    const base = await findBase(options.base, ca, scratch)
    for (const plan of missing) await buildImage(plan, base, { ca, engine, scratch })
  } finally {
    asRoot(['rm', '-rf', '--one-file-system', scratch])
  }
}

function engineOrAdvice() {
  try {
    return execFileSync('docker', ['version', '--format', '{{.Server.Arch}}'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  } catch (error) {
    if (error.code === 'ENOENT') throw new Advice('Docker is not installed. On Debian or Ubuntu: sudo apt-get install docker.io')
    throw new Advice(`The Docker engine does not answer: ${String(error.stderr).trim()}\nStart it (sudo systemctl start docker), or set DOCKER_HOST.`)
  }
}

/** Everything that decides what an image holds, except the day it was built on: a changed Dockerfile makes another tag. */
function recipeDigest(name, base, ca) {
  const hash = createHash('sha256')
  const files = ['prepare.sh', ...readdirSync(join(here, name)).map((file) => `${name}/${file}`)].sort()
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(here, file)))
      .update('\0')
  hash.update(JSON.stringify({ base: base ?? null, ca: ca ?? null, node: NODE_VERSION, npm: NPM_VERSION }))
  return hash.digest('hex').slice(0, 12)
}

/** The base that was asked for; else the usual one if it is here or can be pulled; else one made from the host's own packages. */
async function findBase(asked, ca, scratch) {
  if (asked !== undefined) {
    if (!imageExists(asked) && !(await pull(asked))) throw new Advice(`The base image ${asked} is neither here nor can it be pulled.`)
    return { image: asked, offline: false }
  }
  if (imageExists(DEFAULT_BASE) || (await pull(DEFAULT_BASE))) return { image: DEFAULT_BASE, offline: false }
  say('No image registry answers: making the base from Debian packages instead.')
  return { image: await bootstrap(ca, scratch), offline: true }
}

async function pull(image) {
  const started = Date.now()
  const pulled = await run('docker', ['pull', '--quiet', image], { timeout: PULL_TIMEOUT_MS, quiet: true })
  say(pulled ? `Pulled ${image} (${seconds(started)})` : `Could not pull ${image} (${seconds(started)})`)
  return pulled
}

/** A minimal Debian or Ubuntu of the host's own release from the host's own mirror, with Python's packages lying ready. */
async function bootstrap(ca, scratch) {
  if (process.platform !== 'linux' || !commandExists('debootstrap')) {
    throw new Advice(
      'debootstrap is not installed. On Debian or Ubuntu: sudo apt-get install debootstrap\nElsewhere: give a Debian-like image with --base <image>.',
    )
  }
  const release = Object.fromEntries(
    readFileSync('/etc/os-release', 'utf8')
      .split('\n')
      .map((line) => /^(\w+)="?([^"]*)"?$/.exec(line))
      .filter((match) => match !== null)
      .map((match) => [match[1], match[2]]),
  )
  const sources = aptSources('/etc/apt', release.VERSION_CODENAME ?? '')
  const source = bootstrapSource(sources, release.VERSION_CODENAME ?? '')
  if (source === undefined) throw new Advice('No Debian or Ubuntu mirror is configured on this host (apt sources). Give an image with --base <image>.')
  const packages = readFileSync(join(here, 'python/packages.txt'), 'utf8').split('\n').filter(Boolean)
  const image = `fixpoint-base:${createHash('sha256')
    .update(JSON.stringify([source.suite, packages, ca ?? null]))
    .digest('hex')
    .slice(0, 12)}`
  if (ageInDays(image) < BASE_DAYS) {
    say(`${image} is there and less than ${BASE_DAYS} days old`)
    return image
  }
  const root = join(scratch, 'root')
  const started = Date.now()
  say(`debootstrap ${source.suite} (about a minute)…`)
  const args = ['--variant=minbase', `--include=ca-certificates`, `--components=${source.components.join(',')}`]
  if (source.signedBy !== undefined && existsSync(source.signedBy)) args.push(`--keyring=${source.signedBy}`)
  await runOrThrow(...rootCommand(['debootstrap', ...args, source.suite, root, source.uri]))
  say(`debootstrap done (${seconds(started)})`)

  const updates = Date.now()
  if (ca !== undefined) {
    writeAsRoot(join(root, 'usr/local/share/ca-certificates/owner.crt'), ca)
    await inRoot(root, ['update-ca-certificates'])
  }
  writeAsRoot(join(root, 'etc/apt/sources.list'), sources.map((entry) => `deb ${entry.uri} ${entry.suite} ${entry.components.join(' ')}`).join('\n'))
  await inRoot(root, ['apt-get', '-qq', 'update'])
  await inRoot(root, ['apt-get', '-qq', '-y', '--no-install-recommends', 'upgrade'])
  await inRoot(root, ['apt-get', '-qq', 'clean'])
  await inRoot(root, ['apt-get', '-qq', '-y', '--no-install-recommends', '--download-only', 'install', ...packages])
  await inRoot(root, [
    'sh',
    '-c',
    'mkdir -p /var/cache/fixpoint && mv /var/cache/apt/archives /var/cache/fixpoint/debs && rm -rf /var/cache/fixpoint/debs/partial /var/cache/fixpoint/debs/lock',
  ])
  // The mirror and the name service of this host are nobody's business inside a room.
  await inRoot(root, ['sh', '-c', 'rm -rf /var/lib/apt/lists/* /etc/apt/sources.list /etc/resolv.conf /etc/hostname && : > /etc/apt/sources.list'])
  say(`security updates and Python's packages (${seconds(updates)})`)

  const importing = Date.now()
  const tar = join(scratch, 'base.tar')
  await runOrThrow(...rootCommand(['tar', '--numeric-owner', '--one-file-system', '-C', root, '-cf', tar, '.']))
  docker(['import', '--change', 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', tar, image])
  asRoot(['rm', '-rf', '--one-file-system', root, tar])
  say(`${image} imported (${seconds(importing)})`)
  return image
}

async function buildImage(plan, base, { ca, engine, scratch }) {
  const started = Date.now()
  const context = join(scratch, plan.name)
  const share = join(context, 'files/usr/local/share')
  mkdirSync(join(share, 'fixpoint'), { recursive: true })
  cpSync(join(here, plan.name, 'Dockerfile'), join(context, 'Dockerfile'))
  cpSync(join(here, plan.name, 'packages.txt'), join(share, 'fixpoint/packages.txt'))
  cpSync(join(here, 'prepare.sh'), join(share, 'fixpoint/prepare.sh'))
  if (ca !== undefined) {
    mkdirSync(join(share, 'ca-certificates'))
    writeFileSync(join(share, 'ca-certificates/owner.crt'), ca)
  }
  if (plan.name === 'node') layOutNode(join(context, 'files/usr/local'), engine, scratch)
  const network = base.offline ? ['--network', 'none'] : []
  await runOrThrow('docker', [
    'build',
    '--quiet',
    '--force-rm',
    ...network,
    '--build-arg',
    `BASE=${base.image}`,
    '--tag',
    plan.tag,
    '--tag',
    `fixpoint-${plan.name}:latest`,
    context,
  ])
  say(`${plan.tag} built (${seconds(started)})`)
}

/** Node's binary and npm, from the packages of the host's npm registry. */
function layOutNode(prefix, engine, scratch) {
  const arch = { amd64: 'x64', arm64: 'arm64' }[engine]
  if (arch === undefined) throw new Advice(`No Node package is known for a ${engine} engine. Give an image that has Node ${NODE_VERSION} with --base <image>.`)
  const node = unpack(`node-linux-${arch}@${NODE_VERSION}`, scratch)
  mkdirSync(join(prefix, 'bin'), { recursive: true })
  cpSync(join(node, 'bin/node'), join(prefix, 'bin/node'))
  chmodSync(join(prefix, 'bin/node'), 0o755)
  const modules = join(prefix, 'lib/node_modules')
  mkdirSync(modules, { recursive: true })
  cpSync(unpack(`npm@${NPM_VERSION}`, scratch), join(modules, 'npm'), { recursive: true })
  for (const command of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${command}-cli.js`, join(prefix, 'bin', command))
  for (const command of ['npm', 'npx']) chmodSync(join(modules, `npm/bin/${command}-cli.js`), 0o755)
}

function unpack(spec, scratch) {
  const folder = mkdtempSync(join(scratch, 'package-'))
  // In the scratch folder, so that the settings of the project one happens to stand in do not count.
  const [packed] = JSON.parse(execFileSync('npm', ['pack', spec, '--json'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', folder])
  return join(folder, 'package')
}

function readCertificate(file) {
  const pem = readFileSync(file, 'utf8')
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new Advice(`${file} holds no PEM certificate`)
  return pem
}

const imageExists = (image) => {
  try {
    docker(['image', 'inspect', '--format', 'x', image])
    return true
  } catch {
    return false
  }
}
function ageInDays(image) {
  if (!imageExists(image)) return Number.POSITIVE_INFINITY
  return (Date.now() - Date.parse(docker(['image', 'inspect', '--format', '{{.Created}}', image]).trim())) / 86_400_000
}
const docker = (args) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const rootCommand = ([command, ...args]) => (process.getuid?.() === 0 ? [command, args] : ['sudo', [command, ...args]])
const asRoot = (argv) => {
  const [command, args] = rootCommand(argv)
  // Only what a bootstrap left belongs to root; without sudo there was no bootstrap.
  if (command === 'sudo' && !commandExists('sudo')) rmSync(argv.at(-1), { recursive: true, force: true })
  else execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
const writeAsRoot = (file, text) => {
  const [command, args] = rootCommand(['tee', file])
  execFileSync(command, args, { input: `${text}\n`, stdio: ['pipe', 'ignore', 'inherit'] })
}
const inRoot = (root, argv) =>
  runOrThrow(...rootCommand(['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive', 'chroot', root, ...argv]))

const commandExists = (name) =>
  ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin', ...(process.env.PATH ?? '').split(':')].some((folder) =>
    existsSync(join(folder, name)),
  )

/** Runs with its output kept back; shows it only when the command fails. */
function run(command, args, { timeout, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      env: { ...process.env, DOCKER_BUILDKIT: process.env.DOCKER_BUILDKIT ?? '0' },
    })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => {
      say(String(error))
      resolve(false)
    })
    child.on('close', (code) => {
      if (code !== 0 && !quiet) process.stderr.write(output)
      resolve(code === 0)
    })
  })
}
async function runOrThrow(command, args) {
  if (!(await run(command, args))) throw new Advice(`${command} ${args[0]} failed (see above)`)
}

const say = (text) => process.stdout.write(`${text}\n`)
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

main().catch((error) => {
  process.stderr.write(`${error instanceof Advice ? error.message : error.stack}\n`)
  process.exitCode = 1
})

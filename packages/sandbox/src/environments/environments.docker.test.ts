import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EnvironmentRecipe, Failure } from '@fixpoint/core'
import { MemorySnapshot } from '@fixpoint/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { connectEngine } from '../docker-engine.ts'
import { DockerSandboxes } from '../docker-sandboxes.ts'
import type { EgressSettings } from '../egress/registry.ts'
import { startUpstream, wheel } from '../egress/upstream.fixture.ts'
import { LABEL } from '../owner.ts'
import { DockerEnvironments } from './docker-environments.ts'

// The host's own settings stand in for an operator's: `npm_config_registry` where there is a mirror, NODE_EXTRA_CA_CERTS where TLS is inspected.
const registry = process.env.npm_config_registry ?? 'https://registry.npmjs.org/'
const authorities = process.env.NODE_EXTRA_CA_CERTS
const egress: EgressSettings = {
  registries: [{ name: 'npm', kind: 'npm', url: registry.endsWith('/') ? registry : `${registry}/` }],
  ...(authorities === undefined ? {} : { certificateAuthorities: readFileSync(authorities, 'utf8') }),
}
const docker = connectEngine()
const environments = new DockerEnvironments({ egress })
const sandboxes = new DockerSandboxes({ environments })
const never = new AbortController().signal
const runId = `environments-test-${randomBytes(4).toString('hex')}`
const keys: string[] = []

afterAll(async () => {
  const { Volumes: volumes } = await docker.listVolumes()
  for (const volume of volumes ?? []) {
    const key = volume.Labels?.['dev.fixpoint.environment']
    if (volume.Labels?.[LABEL.run] === runId || (key !== undefined && keys.includes(key))) await docker.getVolume(volume.Name).remove()
  }
})

function nodeProject(files: Record<string, string>, recipe: Partial<EnvironmentRecipe> = {}) {
  const source = new MemorySnapshot(files)
  const full: EnvironmentRecipe = {
    toolchain: 'node',
    way: 'install',
    manifests: Object.keys(files).filter((path) => /\.json$|\.npmrc$|\.lock$|\.tgz$/.test(path)),
    download: [['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']],
    scripts: [['npm', 'rebuild']],
    directories: ['node_modules'],
    ...recipe,
  }
  return { recipe: full, source, runId }
}
async function prepare(request: ReturnType<typeof nodeProject> & { folder?: string }) {
  const notes: string[] = []
  const environment = await sandboxes.prepare(request, never, (note) => notes.push(note))
  keys.push(environment.key)
  return { environment, notes, request }
}
async function inRoom({ environment, request }: Awaited<ReturnType<typeof prepare>>, script: string) {
  await using room = await sandboxes.open({ runId, environment, source: request.source }, never)
  return await room.exec({ argv: ['sh', '-c', script], timeoutMs: 60_000 }, never)
}
const unique = () => `p-${randomBytes(6).toString('hex')}`
const lock = (name: string) =>
  JSON.stringify({
    name,
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name, version: '1.0.0', dependencies: { 'is-number': '7.0.0' } },
      'node_modules/is-number': {
        version: '7.0.0',
        resolved: 'https://registry.npmjs.org/is-number/-/is-number-7.0.0.tgz',
        integrity: 'sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==',
      },
    },
  })

describe('dependencies as volumes', () => {
  it('installs a locked project through the registry front, and the second time takes nothing', async () => {
    const name = unique()
    const files = { 'package.json': JSON.stringify({ name, version: '1.0.0', dependencies: { 'is-number': '7.0.0' } }), 'package-lock.json': lock(name) }
    const request = nodeProject(files, { download: [['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']] })
    const first = await prepare(request)
    expect(first.environment).toMatchObject({ reused: false, recipe: { directories: ['node_modules'] } })
    expect(first.environment.downloadedBytes).toBeGreaterThan(1000)
    const used = await inRoom(
      first,
      'node -e "console.log(require(\'is-number\')(5))" && touch node_modules/.vite/x node_modules/.cache/y && touch node_modules/is-number/x',
    )
    expect(used.stdout).toBe('true\n')
    expect(used.stderr).toContain('Read-only file system')
    const second = await prepare(request)
    expect(second.environment).toMatchObject({ key: first.environment.key, downloadedBytes: 0, reused: true })
  })

  it('runs install scripts offline only, and never in the download', async () => {
    const script =
      "require('fs').writeFileSync('marker', JSON.stringify(Object.keys(require('os').networkInterfaces()).length)); require('net').connect(4873, '127.0.0.1').on('error', (e) => require('fs').writeFileSync('network', e.code)).on('connect', () => { require('fs').writeFileSync('network', 'open'); process.exit() })"
    const files = {
      'package.json': JSON.stringify({ name: unique(), version: '1.0.0', dependencies: { tell: 'file:./tell' } }),
      'tell/package.json': JSON.stringify({ name: 'tell', version: '1.0.0', scripts: { postinstall: `node -e ${JSON.stringify(script)}` } }),
      '.npmrc': 'ignore-scripts=false\nscript-shell=/bin/false\n//registry.example.test/:_authToken=secret\ninstall-links=true\n',
    }
    const online = await prepare(nodeProject(files, { scripts: [] }))
    expect((await inRoom(online, 'ls node_modules/tell; cat .npmrc > /dev/null')).stdout).not.toContain('marker')
    const whole = await prepare(nodeProject(files))
    const seen = await inRoom(whole, 'cat node_modules/tell/network')
    expect(seen.stdout).toBe('ECONNREFUSED')
  })

  it('makes one environment when two ask at once, in one process and in two', async () => {
    const request = nodeProject({ 'package.json': JSON.stringify({ name: unique(), version: '1.0.0', dependencies: { 'is-number': '7.0.0' } }) })
    const other = new DockerSandboxes({ environments: new DockerEnvironments({ egress }) })
    const [a, b, c] = await Promise.all([prepare(request), prepare(request), other.prepare(request, never, () => {})])
    expect([b.environment.key, c.key]).toEqual([a.environment.key, a.environment.key])
    expect((await inRoom(a, 'ls node_modules')).stdout).toBe('is-number\n')
  })

  it('copies what is installed in the folder, with links that stay inside and none that leave', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-copy-'))
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
    mkdirSync(join(folder, 'node_modules/tool'))
    writeFileSync(join(folder, 'node_modules/tool/cli.js'), '#!/usr/bin/env node\nconsole.log("copied")\n', { mode: 0o755 })
    symlinkSync('../tool/cli.js', join(folder, 'node_modules/.bin/tool'))
    symlinkSync('/etc/hostname', join(folder, 'node_modules/absolute'))
    symlinkSync('../../../../etc/hostname', join(folder, 'node_modules/climbs'))
    const request = { ...nodeProject({ 'package.json': '{"name":"c"}' }, { way: 'copy', download: [], scripts: [] }), folder }
    const made = await prepare(request)
    const ran = await inRoom(made, 'node_modules/.bin/tool; ls node_modules')
    expect(ran.stdout).toBe('copied\ntool\n')
    expect(made.environment.downloadedBytes).toBe(0)
  })

  it('says what to do when a version does not exist, and leaves nothing', async () => {
    const request = nodeProject({ 'package.json': JSON.stringify({ name: unique(), dependencies: { 'is-number': '99.99.99' } }) })
    const failure = await prepare(request).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(Failure)
    expect(failure).toMatchObject({ code: 'install-failed', message: expect.stringContaining('No matching version found for is-number@99.99.99') })
    const containers = await docker.listContainers({ all: true, filters: { label: [`${LABEL.run}=${runId}`] } })
    expect(containers).toEqual([])
  })

  it('refuses another manager’s lockfile by name', async () => {
    const failing = prepare(nodeProject({ 'package.json': '{"name":"y","dependencies":{"a":"1"}}', 'yarn.lock': '' }))
    await expect(failing).rejects.toMatchObject({
      code: 'install-failed',
      message: expect.stringContaining('yarn.lock'),
      hint: expect.stringContaining('--deps copy'),
    })
  })

  it('runs an owner’s other setup command offline, after the detected download', async () => {
    const files = { 'package.json': JSON.stringify({ name: unique(), dependencies: { 'is-number': '7.0.0' } }), 'make.sh': 'echo made > node_modules/made' }
    const made = await prepare(nodeProject(files, { way: 'setup', setupCommand: 'sh make.sh; true', download: [], scripts: [] }))
    expect((await inRoom(made, 'cat node_modules/made; ls node_modules')).stdout).toBe('made\nis-number\nmade\n')
  })
})

describe('Python', () => {
  it('installs a wheel from a private index into a virtual environment that the room can use', async () => {
    const bytes = wheel('tinywheel', '1.0', 'ANSWER = 42\n')
    const upstream = await startUpstream(docker, (request, response) => {
      if (request.url === '/simple/tinywheel/')
        response.setHeader('content-type', 'text/html').end('<a href="../../files/tinywheel-1.0-py3-none-any.whl">tinywheel-1.0-py3-none-any.whl</a>')
      else if (request.url === '/files/tinywheel-1.0-py3-none-any.whl') response.end(bytes)
      else response.writeHead(404).end()
    })
    try {
      const pip = {
        name: 'pip',
        kind: 'pip' as const,
        url: `${upstream.url}simple/`,
        files: [`${upstream.url}files/`],
        authorization: 'Bearer t0ken',
        allowPrivate: true,
      }
      const rooms = new DockerSandboxes({ environments: new DockerEnvironments({ egress: { registries: [pip] } }) })
      const files = {
        'requirements.txt': `# ${unique()}\n--index-url https://evil.example/simple\n-e .\ntinywheel==1.0\n`,
        'setup.py': 'raise SystemExit("project code ran in the download")',
      }
      const recipe: EnvironmentRecipe = {
        toolchain: 'python',
        way: 'install',
        manifests: Object.keys(files),
        download: [
          ['python3', '-m', 'venv', '--system-site-packages', '.venv'],
          ['.venv/bin/pip', 'install', '--only-binary', ':all:', '--no-input', '-r', 'requirements.txt'],
        ],
        scripts: [],
        directories: ['.venv'],
      }
      const notes: string[] = []
      const source = new MemorySnapshot(files)
      const environment = await rooms.prepare({ recipe, source, runId }, never, (note) => notes.push(note))
      keys.push(environment.key)
      expect(environment.downloadedBytes).toBeGreaterThanOrEqual(bytes.length)
      expect(notes.join('\n')).toContain('left out "-e ."')
      await using room = await rooms.open({ runId, environment, source }, never)
      const ran = await room.exec({ argv: ['.venv/bin/python', '-c', 'import tinywheel; print(tinywheel.ANSWER)'], timeoutMs: 30_000 }, never)
      expect(ran.stdout).toBe('42\n')
      expect(upstream.requests.map(({ method, url, authorization }) => [method, url, authorization])).toEqual([
        ['GET', '/simple/tinywheel/', 'Bearer t0ken'],
        ['GET', '/files/tinywheel-1.0-py3-none-any.whl', undefined],
      ])
    } finally {
      await upstream.close()
    }
  })
})

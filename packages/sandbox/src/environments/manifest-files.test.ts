import type { EnvironmentRecipe } from '@fixpoint/core'
import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import type { Registry } from '../egress/registry.ts'
import { staysInside } from './copy-installed.ts'
import { hintFor } from './install-failure.ts'
import { manifestFiles } from './manifest-files.ts'

const registries: Registry[] = [
  { name: 'npm', kind: 'npm', url: 'https://mirror.example/npm/' },
  { name: 'acme', kind: 'npm', url: 'https://npm.acme.example/', scopes: ['@acme'], files: ['https://files.acme.example/'], authorization: 'Bearer secret' },
]
function laidOut(files: Record<string, string>, toolchain: EnvironmentRecipe['toolchain'] = 'node') {
  const recipe: EnvironmentRecipe = { toolchain, way: 'install', manifests: Object.keys(files), download: [], scripts: [], directories: [] }
  const made = manifestFiles(recipe, new MemorySnapshot(files), registries)
  return { notes: made.notes, files: Object.fromEntries(made.files.map(({ path, content }) => [path, Buffer.from(content).toString()])) }
}

describe('what the download sees', () => {
  it('keeps of .npmrc what decides the tree, and nothing that runs, signs in or points elsewhere', () => {
    const npmrc =
      'legacy-peer-deps=true\nignore-scripts=false\nscript-shell=/bin/evil\nregistry=https://evil.example/\n//x/:_authToken=t0ken\nomit=$\u007bSECRET}\nnode-options=-r evil\n'
    expect(laidOut({ '.npmrc': npmrc }).files['.npmrc']).toMatchInlineSnapshot(`
      "legacy-peer-deps=true
      registry=http://127.0.0.1:4873/npm/
      @acme:registry=http://127.0.0.1:4873/acme/
      ignore-scripts=true
      audit=false
      fund=false
      update-notifier=false
      fetch-retries=1
      "
    `)
  })

  it('leads every address of a lockfile to the front', () => {
    const resolved = (...addresses: string[]) =>
      JSON.stringify({ packages: Object.fromEntries(addresses.map((address, at) => [`p${at}`, { resolved: address }])) })
    const { files } = laidOut({
      'package-lock.json': resolved(
        'https://registry.npmjs.org/a/-/a-1.tgz',
        'https://mirror.example/npm/b/-/b-1.tgz',
        'https://files.acme.example/c.tgz',
        'packages/d',
      ),
    })
    expect(files['package-lock.json']?.match(/"resolved": ".*"/g)).toEqual([
      '"resolved": "http://127.0.0.1:4873/npm/a/-/a-1.tgz"',
      '"resolved": "http://127.0.0.1:4873/npm/b/-/b-1.tgz"',
      '"resolved": "http://127.0.0.1:4873/acme/~0/c.tgz"',
      '"resolved": "packages/d"',
    ])
    expect(() => laidOut({ 'package-lock.json': resolved('git+ssh://git@example.test/a.git') })).toThrow(/none of your registries: git\+ssh:\/\/example\.test/)
    expect(() => laidOut({ 'package-lock.json': '<<<<<<<' })).toThrow(/not JSON/)
  })

  it('has no code among the manifests, and requirements that are wheels of an index only', () => {
    const requirements = 'a==1\n-r more.txt\n--no-binary :all:\n-e .\ngit+https://example.test/x\n./local\nb @ https://example.test/b.zip\nc>=2 # fine\n'
    const { files, notes } = laidOut({ 'setup.py': 'evil', '.pnpmfile.cjs': 'evil', 'requirements.txt': requirements }, 'python')
    expect(files).toEqual({ 'requirements.txt': 'a==1\n-r more.txt\nc>=2 # fine\n' })
    expect(notes).toHaveLength(5)
  })
})

it.each([
  ['node_modules/.bin/a', '../a/cli.js', true],
  ['node_modules/work', '../packages/work', true],
  ['node_modules/a', '/etc/passwd', false],
  ['node_modules/a', '../../outside', false],
  ['node_modules/a', '../src', false],
  ['node_modules/a', '../node_modules/../../x', false],
])('a link %s to %s is kept: %s', (path, target, kept) => {
  expect(staysInside(path, target, { directories: ['node_modules'], manifests: ['package.json', 'packages/work/package.json'] })).toBe(kept)
})

it.each([
  ['', 'SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate', /certificate authority/],
  ['npm error code EUSAGE', '', /lockfile does not fit/],
  ['npm error code E401', '', /FIXPOINT_NPM_TOKEN/],
  ['npm error code ETARGET', '', /does not have that version/],
  ['gyp ERR! stack Error: not found: make', '', /no compiler/],
  ['', 'ENOTFOUND: getaddrinfo', /cannot be reached/],
  ['something else', '', /--deps copy/],
])('hints at what helps: %s%s', (output, reason, hint) => {
  expect(hintFor(output, [{ method: 'GET', path: '/npm/a', status: 502, bytes: 0, reason }])).toMatch(hint)
})

it('a version that is missing is not blamed on an index that is out of reach', () => {
  const output = 'ERROR: Could not find a version that satisfies the requirement coverage==7.2.7 (from versions: 7.16.2)'
  expect(hintFor(output, [{ method: 'GET', path: '/pip/coverage/', status: 502, bytes: 0, reason: 'ENOTFOUND: x' }])).toMatch(/other versions/)
})

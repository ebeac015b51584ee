import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { consentFor } from '../../scripts/setup/consent.mjs'
import { isDebianFamily } from '../../scripts/setup/debian.mjs'
import { dependenciesAreStale } from '../../scripts/setup/dependencies.mjs'
import { nextDockerStep } from '../../scripts/setup/docker.mjs'
import { certificateAuthority } from '../../scripts/setup/images.mjs'
import { satisfies } from '../../scripts/setup/node-version.mjs'

describe('installing outside the folder', () => {
  test.each([
    { yes: true, terminal: false, ci: false, consent: 'go-on' },
    { yes: true, terminal: true, ci: false, consent: 'go-on' },
    { yes: false, terminal: true, ci: false, consent: 'ask' },
    { yes: false, terminal: true, ci: true, consent: 'ask' },
    { yes: false, terminal: false, ci: true, consent: 'go-on' },
    { yes: false, terminal: false, ci: false, consent: 'refuse' },
  ])('yes $yes, terminal $terminal, ci $ci: $consent', ({ consent, ...circumstances }) => {
    expect(consentFor(circumstances)).toBe(consent)
  })
})

describe('the Docker engine', () => {
  const bare = { answer: 'no', remote: false, installed: false, systemd: false, root: true } as const
  test.each([
    ['answers', { answer: 'yes' }, 'ready'],
    ['answers elsewhere', { answer: 'yes', remote: true }, 'ready'],
    ['is elsewhere and silent', { remote: true, installed: true }, 'refuse-remote'],
    ['is not for this user', { answer: 'denied', installed: true, root: false }, 'refuse-denied'],
    ['is absent', {}, 'install'],
    ['is stopped, with systemd', { installed: true, systemd: true }, 'start-by-systemd'],
    ['is stopped, without systemd', { installed: true }, 'start-by-hand'],
    ['is stopped, and this is not root', { installed: true, systemd: true, root: false }, 'refuse-start'],
  ] as const)('%s', (_, difference, step) => {
    expect(nextDockerStep({ ...bare, ...difference })).toBe(step)
  })
})

test.each([
  ['ID=debian\nVERSION_ID="12"\n', true],
  ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', true],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
  ['ID="fedora"\nVARIANT_ID=debian\n', false],
  ['', false],
])('Debian or a child of it: %j is %s', (osRelease, expected) => {
  expect(isDebianFamily(osRelease)).toBe(expected)
})

test.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['24.0.0', true],
  ['20.9.9', false],
  ['18.20.0', false],
])('Node %s satisfies >=20.19.0: %s', (version, expected) => {
  expect(satisfies(version, '>=20.19.0')).toBe(expected)
})

test('dependencies are installed when they are missing, unfinished or older than the lockfile', () => {
  const root = mkdtempSync(join(tmpdir(), 'fixpoint-stale-'))
  try {
    writeFileSync(join(root, 'package-lock.json'), '{}')
    expect(dependenciesAreStale(root)).toBe(true)
    mkdirSync(join(root, 'node_modules'))
    expect(dependenciesAreStale(root)).toBe(true)
    writeFileSync(join(root, 'node_modules/.package-lock.json'), '{}')
    expect(dependenciesAreStale(root)).toBe(false)
    utimesSync(join(root, 'package-lock.json'), new Date(), new Date(Date.now() + 60_000))
    expect(dependenciesAreStale(root)).toBe(true)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

test('a certificate authority of the machine becomes the setting, unless the setting is there', () => {
  expect(certificateAuthority({})).toEqual([])
  expect(certificateAuthority({ SSL_CERT_FILE: '/b.crt' })).toEqual(['--ca', '/b.crt'])
  expect(certificateAuthority({ NODE_EXTRA_CA_CERTS: '/a.crt', SSL_CERT_FILE: '/b.crt' })).toEqual(['--ca', '/a.crt'])
  expect(certificateAuthority({ FIXPOINT_CA: '/own.crt', NODE_EXTRA_CA_CERTS: '/a.crt' })).toEqual(['--ca', '/own.crt'])
})

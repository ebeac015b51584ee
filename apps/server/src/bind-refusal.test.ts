import { expect, test } from 'vitest'
import { bindRefusal } from './bind-refusal.ts'

test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1', '[::1]', '::ffff:127.0.0.1'])('%s is this machine: it may be listened on', (host) => {
  expect(bindRefusal(host, { behindTlsProxy: false, tokens: 0 })).toBeUndefined()
})

test.each(['0.0.0.0', '::', '192.168.1.2', 'example.org', '', '127.0.0.1.nip.io', 'localhost.example.org', '1127.0.0.1'])(
  '%s needs TLS and a token',
  (host) => {
    expect(bindRefusal(host, { behindTlsProxy: false, tokens: 3 })?.hint).toContain('TLS')
    expect(bindRefusal(host, { behindTlsProxy: true, tokens: 0 })?.hint).toContain('fixpoint tokens create')
    expect(bindRefusal(host, { behindTlsProxy: true, tokens: 1 })).toBeUndefined()
  },
)

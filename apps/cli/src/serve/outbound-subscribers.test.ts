import { expect, it } from 'vitest'
import { OutboundSettings, readSubscribers } from './outbound-subscribers.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const read = (url: string, more: object = {}) => {
  const variables: Readonly<Record<string, string>> = { DESK_SECRET: SECRET, TEAM_URL: url }
  const settings = {
    desk: OutboundSettings.parse({ kind: 'webhook', url, secret: { env: 'DESK_SECRET' }, ...more }),
    team: OutboundSettings.parse({ kind: 'slack', url: { env: 'TEAM_URL' }, ...more }),
  }
  return readSubscribers(settings, {
    home: '/nowhere',
    certificateAuthorities: undefined,
    dockerHost: undefined,
    color: false,
    named: (name) => variables[name],
  })
}

it.each(['https://10.0.0.7/hook', 'http://127.0.0.1:8080/', 'https://[::1]/'])(
  '%s is refused at the start, unless its owner says that it is inside',
  async (url) => {
    await expect(read(url)).rejects.toMatchObject({ code: 'settings-invalid', hint: expect.stringContaining('privateNetwork: true') })
    expect(await read(url, { privateNetwork: true })).toMatchObject([
      { name: 'desk', reach: 'private' },
      { name: 'team', reach: 'private' },
    ])
  },
)

it.each(['https://169.254.169.254/latest', 'file:///etc/passwd', 'gopher://127.0.0.1/', 'http://example.org/'])(
  '%s is refused whatever its owner says',
  async (url) => {
    await expect(read(url, { privateNetwork: true })).rejects.toMatchObject({ code: 'settings-invalid' })
  },
)

it('an address of the internet needs no word', async () => {
  expect(await read('https://hooks.example.org/x')).toMatchObject([{ reach: 'internet' }, { reach: 'internet' }])
})

import type { Retention, Tokens } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { isKept, STRANGE_TEXTS } from './strange-text.ts'

const SECRET = /^fp[ktls]_[A-Za-z0-9_-]{43}$/
const inAnHour = () => new Date(Date.now() + 3_600_000)
const soon = () => new Date(Date.now() + 40)
const passed = () => new Promise((done) => setTimeout(done, 60))

/** What every store of tokens keeps. `make` gives an empty one on the clock of this machine. */
export function tokensContract(make: () => (Tokens & Retention) | Promise<Tokens & Retention>): void {
  describe('tokens contract', () => {
    it('opens an ingest key by its secret, with what verifying takes', async () => {
      const tokens = await make()
      const { key, secret } = await tokens.issueIngestKey({ name: 'live', source: 'sentry', signingSecret: 's3cret-é', repository: 'shop', service: 'cart' })
      expect(secret).toMatch(SECRET)
      expect(key).toEqual({
        ...{ id: key.id, name: 'live', source: 'sentry', repository: 'shop', service: 'cart', signed: true },
        ...{ createdAt: expect.any(Date), lastUsedAt: undefined, revokedAt: undefined },
      })
      expect(await tokens.ingestKey(secret)).toMatchObject({ id: key.id, source: 'sentry', signingSecret: 's3cret-é', repository: 'shop', service: 'cart' })
      const [listed] = await tokens.ingestKeys()
      expect(listed).toMatchObject({ id: key.id, signed: true, lastUsedAt: expect.any(Date) })
      expect(JSON.stringify(listed)).not.toContain('s3cret')
    })

    it('signing and defaults may be left out, and a signing secret may come later', async () => {
      const tokens = await make()
      const { key, secret } = await tokens.issueIngestKey({ name: 'live', source: 'grafana' })
      expect(await tokens.ingestKey(secret)).toMatchObject({ signed: false, signingSecret: undefined, repository: undefined, service: undefined })
      expect(await tokens.setSigningSecret(key.id, 'later')).toBe(true)
      expect(await tokens.ingestKey(secret)).toMatchObject({ signed: true, signingSecret: 'later' })
      expect(await tokens.setSigningSecret(key.id, undefined)).toBe(true)
      expect(await tokens.ingestKey(secret)).toMatchObject({ signed: false, signingSecret: undefined })
      expect(await tokens.setSigningSecret('key_unknown', 'x')).toBe(false)
    })

    it('opens an API token with its scopes', async () => {
      const tokens = await make()
      const { token, secret } = await tokens.issueApiToken({ name: 'ann', scopes: ['read', 'decide', 'read'] })
      expect(secret).toMatch(SECRET)
      expect(token).toMatchObject({ name: 'ann', scopes: ['read', 'decide'], expiresAt: undefined, revokedAt: undefined })
      expect(await tokens.apiToken(secret)).toMatchObject({ id: token.id, name: 'ann', scopes: ['read', 'decide'] })
      expect((await tokens.apiTokens()).map((listed) => listed.lastUsedAt)).toEqual([expect.any(Date)])
    })

    it('no secret opens another kind, and near misses open nothing', async () => {
      const tokens = await make()
      const { secret: key } = await tokens.issueIngestKey({ name: 'live', source: 'sentry' })
      const { secret: token } = await tokens.issueApiToken({ name: 'ann', scopes: ['admin'] })
      const { secret: link } = await tokens.issueLoginLink({ name: 'ann', scopes: ['read'], expiresAt: inAnHour() })
      const { secret: session } = await tokens.openSession({ name: 'ann', scopes: ['read'], expiresAt: inAnHour() })
      const wrong = ['', 'fpk_', key.slice(0, -1), `${key}x`, key.toUpperCase(), '\0', '\ud800', 'x'.repeat(1_000_000)]
      for (const secret of [...wrong, token, link, session]) expect(await tokens.ingestKey(secret)).toBeUndefined()
      for (const secret of [...wrong, key, link, session]) expect(await tokens.apiToken(secret)).toBeUndefined()
      for (const secret of [...wrong, key, token, link]) expect(await tokens.session(secret)).toBeUndefined()
      for (const secret of [...wrong, key, token, session]) expect(await tokens.redeemLoginLink(secret, { expiresAt: inAnHour() })).toBeUndefined()
    })

    it('what was revoked opens nothing at once, and stays listed', async () => {
      const tokens = await make()
      const { key, secret: keySecret } = await tokens.issueIngestKey({ name: 'live', source: 'sentry' })
      const { token, secret } = await tokens.issueApiToken({ name: 'ann', scopes: ['read'] })
      await Promise.all([tokens.ingestKey(keySecret), tokens.apiToken(secret)])
      expect(await Promise.all([tokens.revoke(key.id), tokens.revoke(token.id)])).toEqual([true, true])
      expect(await Promise.all([tokens.ingestKey(keySecret), tokens.apiToken(secret)])).toEqual([undefined, undefined])
      expect(await Promise.all([tokens.revoke(key.id), tokens.revoke(token.id), tokens.revoke('tok_unknown'), tokens.revoke('\0')])).toEqual([
        ...[false, false],
        ...[false, false],
      ])
      expect((await tokens.ingestKeys()).map((listed) => listed.revokedAt)).toEqual([expect.any(Date)])
      expect((await tokens.apiTokens()).map((listed) => listed.revokedAt)).toEqual([expect.any(Date)])
    })

    it('lists the newest first', async () => {
      const tokens = await make()
      for (const name of ['a', 'b', 'c']) await tokens.issueApiToken({ name, scopes: ['read'] })
      for (const name of ['a', 'b', 'c']) await tokens.issueIngestKey({ name, source: 'sentry' })
      expect((await tokens.apiTokens()).map((token) => token.name)).toEqual(['c', 'b', 'a'])
      expect((await tokens.ingestKeys()).map((key) => key.name)).toEqual(['c', 'b', 'a'])
    })

    it('a token ends when it expires', async () => {
      const tokens = await make()
      const { secret } = await tokens.issueApiToken({ name: 'ann', scopes: ['read'], expiresAt: soon() })
      await passed()
      expect(await tokens.apiToken(secret)).toBeUndefined()
    })

    it('a login link opens one session, once, also when many try', async () => {
      const tokens = await make()
      const { secret: link } = await tokens.issueLoginLink({ name: 'ann', scopes: ['read', 'decide'], expiresAt: inAnHour() })
      const expiresAt = inAnHour()
      const answers = await Promise.all(Array.from({ length: 20 }, () => tokens.redeemLoginLink(link, { expiresAt })))
      const [opened, ...more] = answers.filter((answer) => answer !== undefined)
      expect(more).toEqual([])
      expect(opened?.session).toEqual({
        id: opened?.session.id,
        name: 'ann',
        scopes: ['read', 'decide'],
        token: undefined,
        account: undefined,
        createdAt: expect.any(Date),
        expiresAt,
      })
      expect(await tokens.session(opened?.secret ?? '')).toEqual(opened?.session)
    })

    it('links and sessions end when they expire, and a session when it is revoked', async () => {
      const tokens = await make()
      const { secret: link } = await tokens.issueLoginLink({ name: 'ann', scopes: ['read'], expiresAt: soon() })
      const { secret: brief } = await tokens.openSession({ name: 'ann', scopes: ['read'], expiresAt: soon() })
      const { session, secret } = await tokens.openSession({ name: 'ann', scopes: ['read'], expiresAt: inAnHour() })
      await passed()
      expect(await tokens.redeemLoginLink(link, { expiresAt: inAnHour() })).toBeUndefined()
      expect(await tokens.session(brief)).toBeUndefined()
      expect(await tokens.session(secret)).toEqual(session)
      expect([await tokens.revoke(session.id), await tokens.revoke(session.id)]).toEqual([true, false])
      expect(await tokens.session(secret)).toBeUndefined()
    })

    it('keeps by which account somebody came, by a link too', async () => {
      const tokens = await make()
      const ann = { name: 'ann', scopes: ['read'], account: 'ann@host.example', expiresAt: inAnHour() } as const
      const { secret } = await tokens.openSession(ann)
      expect(await tokens.session(secret)).toMatchObject({ account: 'ann@host.example' })
      const opened = await tokens.redeemLoginLink((await tokens.issueLoginLink(ann)).secret, { expiresAt: inAnHour() })
      expect(await tokens.session(opened?.secret ?? '')).toMatchObject({ account: 'ann@host.example' })
    })

    it('revoking a token ends what was opened by it', async () => {
      const tokens = await make()
      const { token } = await tokens.issueApiToken({ name: 'ann', scopes: ['read'] })
      const { secret: link } = await tokens.issueLoginLink({ name: 'ann', scopes: ['read'], token: token.id, expiresAt: inAnHour() })
      const { secret: unused } = await tokens.issueLoginLink({ name: 'ann', scopes: ['read'], token: token.id, expiresAt: inAnHour() })
      const opened = await tokens.redeemLoginLink(link, { expiresAt: inAnHour() })
      expect(await tokens.session(opened?.secret ?? '')).toMatchObject({ token: token.id })
      await tokens.revoke(token.id)
      expect(await tokens.session(opened?.secret ?? '')).toBeUndefined()
      expect(await tokens.redeemLoginLink(unused, { expiresAt: inAnHour() })).toBeUndefined()
    })

    it.each(STRANGE_TEXTS)('takes names with %s', async (_, text) => {
      const tokens = await make()
      const { key, secret } = await tokens.issueIngestKey({ name: text, source: text, signingSecret: text, repository: text, service: text })
      expect(isKept(text, key.name)).toBe(true)
      expect((await tokens.ingestKey(secret))?.signingSecret).toBe(text)
      expect(isKept(text, (await tokens.issueApiToken({ name: text, scopes: ['read'] })).token.name)).toBe(true)
      expect(isKept(text, (await tokens.openSession({ name: text, scopes: ['read'], expiresAt: inAnHour() })).session.name)).toBe(true)
      expect(await tokens.setSigningSecret(text, text)).toBe(false)
    })

    it('links and sessions that ended are cleared away', async () => {
      const tokens = await make()
      await tokens.issueLoginLink({ name: 'ann', scopes: ['read'], expiresAt: soon() })
      await tokens.openSession({ name: 'ann', scopes: ['read'], expiresAt: soon() })
      const { secret } = await tokens.openSession({ name: 'ann', scopes: ['read'], expiresAt: inAnHour() })
      await passed()
      expect(await tokens.expire(new Date())).toBe(2)
      expect(await tokens.expire(new Date(Date.now() + 86_400_000))).toBe(0)
      expect(await tokens.session(secret)).toBeDefined()
    })
  })
}

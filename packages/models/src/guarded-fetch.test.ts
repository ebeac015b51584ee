import { OpenAiDouble } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { type Fetch, guardedFetch } from './guarded-fetch.ts'

const never: Fetch = () => Promise.reject(new Error('somebody was asked'))

describe('guardedFetch', () => {
  it.each([
    ['https://api.openai.com/v1', ['localhost:11434']],
    ['http://localhost:8080/v1', ['localhost:11434']],
    ['http://localhost.evil.example/v1', ['localhost']],
    ['http://user:localhost@evil.example/v1', ['localhost']],
    ['https://api.openai.com/v1', []],
  ])('asks %s only if it is allowed (%j)', async (url, allow) => {
    await expect(guardedFetch({ fetch: never, allow })(url)).rejects.toMatchObject({ code: 'model-not-allowed', hint: expect.stringContaining('models.allow') })
  })

  it.each([
    ['http://localhost:11434/v1', ['LOCALHOST:11434']],
    ['https://api.openai.com/v1', ['api.openai.com']],
    ['https://api.openai.com/v1', undefined],
  ])('asks %s when it is (%j)', async (url, allow) => {
    const response = await guardedFetch({ fetch: async () => new Response('ok'), allow })(url)
    expect(await response.text()).toBe('ok')
  })

  it('does not go where a redirect points', async () => {
    await using double = await OpenAiDouble.start([{ kind: 'raw', status: 302, body: '', headers: { location: 'http://127.0.0.1:9/' } }])
    await expect(guardedFetch({ fetch })(`${double.baseUrl}/chat/completions`, { method: 'POST', body: '{}' })).rejects.toMatchObject({
      code: 'model-not-allowed',
    })
    expect(double.requests).toHaveLength(1)
  })

  it('takes no more than a reply can be', async () => {
    const piece = new Uint8Array(8 * 1024 * 1024)
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(piece) })
    const response = await guardedFetch({ fetch: async () => new Response(endless) })('http://localhost/')
    await expect(response.arrayBuffer()).rejects.toMatchObject({ code: 'model-malformed', message: expect.stringContaining('64 MB') })
  })
})

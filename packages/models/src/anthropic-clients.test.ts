import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32 } from 'node:zlib'
import type { LanguageModel, ModelReply } from '@fixpoint/core'
import { AnthropicDouble, aModelRequest, FixedClock } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { ModelSettings } from './model-settings.ts'
import { openModels } from './open-models.ts'

const TOKEN = 'token-0123456789'

async function opened(provider: object, model: string, keys: Readonly<Record<string, string>>, allow?: string[]): Promise<LanguageModel> {
  const settings = ModelSettings.parse({ providers: { cloud: provider }, ...(allow && { allow }) })
  const models = await openModels(settings, { fetch, clock: new FixedClock(), key: (name) => keys[name], onWarning: () => undefined })
  return models.open(`cloud/${model}`)
}

async function ask(model: LanguageModel): Promise<ModelReply | undefined> {
  let reply: ModelReply | undefined
  for await (const event of model.ask(aModelRequest(), AbortSignal.timeout(10_000))) if (event.kind === 'reply') reply = event.reply
  return reply
}

/** A message of AWS’s binary event stream. */
function awsMessage(event: object): Buffer {
  const payload = Buffer.from(JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString('base64') }))
  const headers = Buffer.concat(
    Object.entries({ ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' }).map(([name, value]) =>
      Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7, 0, value.length]), Buffer.from(value)]),
    ),
  )
  const prelude = Buffer.alloc(8)
  prelude.writeUInt32BE(16 + headers.length + payload.length, 0)
  prelude.writeUInt32BE(headers.length, 4)
  const sum = (bytes: Buffer) => {
    const buffer = Buffer.alloc(4)
    buffer.writeUInt32BE(crc32(bytes))
    return buffer
  }
  const whole = Buffer.concat([prelude, sum(prelude), headers, payload])
  return Buffer.concat([whole, sum(whole)])
}

describe('Vertex AI', () => {
  const vertex = { kind: 'vertex', project: 'shop', region: 'europe-west1', keyFrom: 'VERTEX_TOKEN' }

  it('is asked under its own path, with an access token', async () => {
    await using double = await AnthropicDouble.start([{ kind: 'reply', reply: { content: [{ kind: 'text', text: 'So.' }] } }])
    const model = await opened({ ...vertex, baseUrl: `${double.baseUrl}/v1` }, 'claude-opus-5-5@20260922', { VERTEX_TOKEN: TOKEN }, ['127.0.0.1'])
    expect(await ask(model)).toMatchObject({ content: [{ kind: 'text', text: 'So.' }] })
    expect(double.requests[0]?.path).toBe('/v1/projects/shop/locations/europe-west1/publishers/anthropic/models/claude-opus-5-5@20260922:streamRawPredict')
    expect(double.requests[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`)
    expect(model.card).toMatchObject({ contextTokens: 1_000_000, prices: { input: 4 } })
  })

  it('asks nobody for credentials where only some hosts are allowed', async () => {
    const model = await opened({ ...vertex, keyFrom: undefined }, 'claude-opus-5-5', {}, ['europe-west1-aiplatform.googleapis.com'])
    await expect(ask(model)).rejects.toMatchObject({ code: 'model-not-allowed', message: expect.stringContaining('keyFrom') })
  })
})

describe('Amazon Bedrock', () => {
  const events = [
    { type: 'message_start', message: { model: 'claude-opus-5-5', usage: { input_tokens: 7, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'So.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
    { type: 'message_stop' },
  ]

  it.each([
    ['a bearer token', { keyFrom: 'BEDROCK_TOKEN' }, { BEDROCK_TOKEN: TOKEN }, /^Bearer token-/],
    ['keys of AWS', {}, { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' }, /^AWS4-HMAC-SHA256 Credential=AKID\/\d+\/eu-central-1\/bedrock/],
  ])('is asked with %s, and answers in its binary stream', async (_name, more, keys, authorization) => {
    const seen: { path?: string | undefined; authorization?: string | undefined } = {}
    const server = createServer((request, response) => {
      Object.assign(seen, { path: request.url, authorization: request.headers.authorization })
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' })
      response.end(Buffer.concat(events.map(awsMessage)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const model = await opened({ kind: 'bedrock', region: 'eu-central-1', baseUrl, ...more }, 'eu.anthropic.claude-opus-5-5-20260922-v1:0', keys, [
        '127.0.0.1',
      ])
      expect(await ask(model)).toMatchObject({ content: [{ kind: 'text', text: 'So.' }], usage: { inputTokens: 7, outputTokens: 3 } })
      expect(seen.path).toBe('/model/eu.anthropic.claude-opus-5-5-20260922-v1:0/invoke-with-response-stream')
      expect(seen.authorization).toMatch(authorization)
    } finally {
      server.close()
    }
  })
})

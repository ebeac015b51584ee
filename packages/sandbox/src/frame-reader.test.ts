import { describe, expect, it } from 'vitest'
import { FrameReader } from './frame-reader.ts'

function frame(stream: number, payload: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(payload), 4)
  return Buffer.concat([header, Buffer.from(payload)])
}

describe("the engine's multiplexed stream", () => {
  const bytes = Buffer.concat([frame(1, 'out'), frame(2, ''), frame(2, 'error'), frame(1, 'x'.repeat(300)), frame(1, '!')])

  it.each([1, 2, 3, 5, 8, 9, 13, 64, 1000])('is taken apart when it comes in pieces of %i', (size) => {
    const seen = { stdout: '', stderr: '' }
    const reader = new FrameReader((stream, payload) => {
      seen[stream] += payload.toString()
    })
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
    expect(seen).toEqual({ stdout: `out${'x'.repeat(300)}!`, stderr: 'error' })
  })

  it('hands on what a frame has brought so far: a header that promises 4 GB costs nothing', () => {
    let got = 0
    const reader = new FrameReader((_, payload) => {
      got += payload.length
    })
    reader.push(Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]))
    reader.push(Buffer.alloc(1000))
    expect(got).toBe(1000)
  })
})

import { describe, expect, it } from 'vitest'
import { CappedOutput } from './capped-output.ts'

function pushed(limit: number, ...chunks: (string | Buffer)[]): CappedOutput {
  const output = new CappedOutput(limit)
  for (const chunk of chunks) output.push(Buffer.from(chunk))
  return output
}

describe('output with a cap', () => {
  it('keeps what fits, whole', () => {
    const output = pushed(10, 'abc', 'defghij')
    expect(output.text()).toBe('abcdefghij')
    expect(output.truncated).toBe(false)
  })

  it('keeps half of the limit from each end and says what is missing', () => {
    const output = pushed(10, 'abcde', 'fghijklmnop', 'qrstuvwxyz')
    expect(output.text()).toBe('abcde\n… 16 bytes left out …\nvwxyz')
    expect(output.truncated).toBe(true)
    expect(output.total).toBe(26)
  })

  it('gives the same text however the stream was cut', () => {
    const all = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251))
    const whole = pushed(1000, all).text()
    for (const size of [1, 7, 64, 499, 500, 501, 4096]) {
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.subarray(index * size, (index + 1) * size))
      expect(pushed(1000, ...chunks).text()).toBe(whole)
    }
  })

  it('is valid text though a character was cut in two and bytes are no text at all', () => {
    const text = pushed(6, Buffer.from('aé€'), Buffer.from([0xff, 0x00, 0xfe]), 'ééééé').text()
    expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text)
  })

  it('holds no more than a few times its limit of an endless line', () => {
    const output = new CappedOutput(1 << 16)
    const chunk = Buffer.alloc(1 << 15, 'x')
    for (let index = 0; index < 1600; index += 1) output.push(chunk)
    expect(output.total).toBe(1600 * (1 << 15))
    expect(output.text().length).toBeLessThan((1 << 16) + 100)
  })
})

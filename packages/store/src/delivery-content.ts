import type { Seal } from './sealed.ts'

/** Headers and body as one sealed thing: the length of the headers (4 bytes), the headers as JSON, the body. */
export function packContent(seal: Seal, id: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<Buffer> {
  const head = Buffer.from(JSON.stringify(headers))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.byteLength)
  // A copy: what the caller does to the body afterwards is not in it.
  return seal.pack(Buffer.concat([length, head, body]), purposeOf(id))
}

export async function readContent(seal: Seal, id: string, sealed: Uint8Array): Promise<{ headers: Readonly<Record<string, string>>; body: Uint8Array }> {
  const content = await seal.unpack(sealed, purposeOf(id))
  const start = 4 + content.readUInt32BE(0)
  return { headers: JSON.parse(content.toString('utf8', 4, start)), body: content.subarray(start) }
}

function purposeOf(id: string): string {
  return `delivery ${id}`
}

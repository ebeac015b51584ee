import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32 } from 'node:zlib'
import type Docker from 'dockerode'

export interface Upstream {
  /** As containers on the engine's bridge reach it; ends with `/`. */
  readonly url: string
  readonly requests: { method: string; url: string; authorization: string | undefined }[]
  close(): Promise<void>
}

/** A registry of a test's own, on the address that the engine's bridge gives this machine. */
export async function startUpstream(docker: Docker, answer: (request: IncomingMessage, response: ServerResponse, url: string) => void): Promise<Upstream> {
  // A container on the bridge tells its gateway, which is this machine, and keeps the bridge up.
  const neighbour = await docker.createContainer({
    Image: 'fixpoint-node:latest',
    Cmd: ['sleep', '900'],
    HostConfig: { NetworkMode: 'bridge', AutoRemove: true },
  })
  await neighbour.start()
  const host = (await neighbour.inspect()).NetworkSettings.Networks.bridge?.Gateway
  const requests: Upstream['requests'] = []
  let url = ''
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', authorization: request.headers.authorization })
    answer(request, response, url)
  })
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, host, resolve)).catch(async (error: unknown) => {
    await neighbour.remove({ force: true })
    throw new Error(`these tests serve a registry on the engine's bridge (${host}): they need an engine on this machine`, { cause: error })
  })
  url = `http://${host}:${(server.address() as AddressInfo).port}/`
  const close = async () => {
    await neighbour.remove({ force: true }).catch(() => {})
    server.close()
    server.closeAllConnections()
  }
  return { url, requests, close }
}

/** A wheel that pip accepts: one module and its metadata, stored without compression. */
export function wheel(name: string, version: string, code: string): Buffer {
  const info = `${name}-${version}.dist-info`
  const files: Record<string, string> = {
    [`${name}.py`]: code,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  }
  files[`${info}/RECORD`] = [...Object.keys(files), `${info}/RECORD`].map((path) => `${path},,\n`).join('')
  return zip(files)
}

function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path)
    const content = Buffer.from(text)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    local.push(Buffer.from('PK\x03\x04'), common, name, content)
    central.push(Buffer.from('PK\x01\x02\x14\x00'), common, rest, name)
    at += 4 + common.length + name.length + content.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(local.length / 4, 8)
  end.writeUInt16LE(local.length / 4, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...local, directory, end])
}

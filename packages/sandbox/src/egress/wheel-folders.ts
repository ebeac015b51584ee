import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join, sep } from 'node:path'
import type { Registry } from './registry.ts'

/** A project of an index: what PEP 508 lets a name be. */
const PROJECT = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?$/
const WHEEL = /\.whl(?:\.metadata)?$/
const PAGE_LIMIT = 8 * 2 ** 20

/**
 * Folders of this machine that pip is configured for (`find-links`, `file:` indexes), served to the registry front, which reads them
 * like any other registry: host folders are never mounted. Listens on the address by which the egress container knows this machine,
 * under a path that nobody else is told, and gives index pages and wheels, nothing else.
 */
export class WheelFolders {
  readonly registries: readonly Registry[]
  readonly #server: Server

  private constructor(server: Server, registries: readonly Registry[]) {
    this.#server = server
    this.registries = registries
  }

  /** Throws what `listen` throws: the address is not this machine's when the engine is elsewhere. */
  static async serve(folders: readonly string[], host: string): Promise<WheelFolders> {
    const secret = randomBytes(24).toString('base64url')
    const server = createServer((request, response) => {
      answer(folders, secret, request, response).catch(() => {
        if (response.headersSent) response.destroy()
        else response.writeHead(404).end()
      })
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
    const base = `http://${host}:${(server.address() as AddressInfo).port}/${secret}/`
    const registries = folders.map((folder, at): Registry => {
      // The pages of an index point to its neighbours: its base is the folder above.
      const root = `${base}${at}/`
      return { name: wheelsName(at), kind: 'pip', url: `${root}${encodeURIComponent(basename(folder))}/`, files: [root], allowPrivate: true }
    })
    return new WheelFolders(server, registries)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

const wheelsName = (at: number) => `wheels${at}`

async function answer(folders: readonly string[], secret: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, said, at, ...encoded] = (request.url ?? '').split('/')
  const folder = said === secret && request.method === 'GET' ? folders[Number(at)] : undefined
  if (folder === undefined) throw new Error('not ours')
  const segments = encoded.map(decodeURIComponent)
  const [top, project, end] = segments
  if (segments.length === 3 && top === basename(folder) && project !== undefined && PROJECT.test(project) && end === '') {
    const page = await indexPage(folder, project)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
    return
  }
  const file = await wheelAt(dirname(folder), segments)
  const { size } = await stat(file)
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size })
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
}

/** The page of the index itself; else one of the wheels that lie in the folder, or in a folder of the project's name. */
async function indexPage(folder: string, project: string): Promise<string> {
  const own = join(folder, project, 'index.html')
  const isPage = await stat(own).then(
    (page) => page.isFile() && page.size <= PAGE_LIMIT,
    () => false,
  )
  if (isPage) return readFile(own, 'utf8')
  const listed = async (path: string, prefix: string) =>
    (await readdir(path).catch(() => [] as string[]))
      .filter((name) => name.endsWith('.whl') && normalised(name.split('-')[0] ?? '') === normalised(project))
      .map((name) => `<a href="${prefix}${encodeURIComponent(name)}">${name.replace(/[<&]/g, '')}</a>`)
  const links = [...(await listed(folder, '../')), ...(await listed(join(folder, project), ''))]
  if (links.length === 0) throw new Error('no such project')
  return `<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`
}

/** PEP 503: how two spellings of a name are one. */
const normalised = (name: string) => name.toLowerCase().replace(/[-_.]+/g, '-')

/** The real path of a wheel below `root`. Throws for anything else: a link that leads out, `..`, another kind of file. */
async function wheelAt(root: string, segments: readonly string[]): Promise<string> {
  const plain = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..' && !/[/\\\0]/.test(segment))
  if (!plain || !WHEEL.test(segments.at(-1) ?? '')) throw new Error('not a wheel')
  const [real, base] = await Promise.all([realpath(join(root, ...segments)), realpath(root)])
  if (!real.startsWith(base.endsWith(sep) ? base : base + sep) || !WHEEL.test(real) || !(await stat(real)).isFile())
    throw new Error('not a wheel of this folder')
  return real
}

import { chown, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { SUPERUSER } from './data-folder.ts'
import type { Places } from './places.ts'

/** Where a server listens: a folder for its socket, or a port of the loopback interface. */
export type Listening = { readonly socket: string } | { readonly port: number }

/** PostgreSQL names the socket after a port, which here is only a name. */
export const SOCKET_NUMBER = 5432

/** A path of a socket must be shorter than this, on every system. */
const LONGEST_SOCKET = 100

export async function whereToListen({ place, account }: Places): Promise<Listening> {
  const socket = join(place, 'socket')
  if (process.platform === 'win32' || Buffer.byteLength(join(socket, `.s.PGSQL.${SOCKET_NUMBER}.lock`)) > LONGEST_SOCKET) return { port: await freePort() }
  await mkdir(socket, { recursive: true, mode: 0o700 })
  if (account !== undefined) await chown(socket, account.uid, account.gid)
  return { socket }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

export function urlOf(listening: Listening, password: string, database: string = SUPERUSER): string {
  const host = 'socket' in listening ? encodeURIComponent(listening.socket) : '127.0.0.1'
  const port = 'socket' in listening ? SOCKET_NUMBER : listening.port
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@${host}:${port}/${database}`
}

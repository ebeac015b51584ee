import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { openServiceDatabase } from '../../apps/cli/src/serve/open-stores.ts'

/** Made up, and of a person: values that production sends along. */
const PERSON = {
  mail: 'zoe.canary@private.example',
  name: 'Zebedee Quillfeather',
  card: '4111 1111 1111 1111',
  session: 'sid-canary-51f0aa77c2',
  bearer: 'AUTHCANARY0123456789abcdef',
  address: '17 Canary Row, Quilltown',
}

/** Made up, in the shapes that secrets have: what the service's own environment holds. */
export const ENVIRONMENT = {
  ANTHROPIC_API_KEY: `sk-ant-api03-${'canary'.repeat(8)}-AA`,
  OPENAI_API_KEY: `sk-proj-${'Canary'.repeat(8)}`,
  GITHUB_TOKEN: `ghp_${'C4n4rY9876'.repeat(3)}AbCdEf`,
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMICANARYbPxRfiCYEXAMPLEKEYxyz',
  FIXPOINT_NPM_TOKEN: 'npm_canaryCANARYcanaryCANARYcanary123456',
  FIXPOINT_DESK_SECRET: `whsec_${Buffer.from('a canary that signs what is told others').toString('base64')}`,
}

/** What an alert says of a person, in places that are read and in places that are not. */
export function withPersonalData(crash: string): object {
  const logged = [
    `customer="${PERSON.name}" mail=${PERSON.mail} paid with ${PERSON.card}`,
    `GET https://shop.example/pay?mail=${PERSON.mail}&card=${PERSON.card.replaceAll(' ', '')} HTTP/1.1`,
    `Authorization: Bearer ${PERSON.bearer}`,
    `Cookie: sid=${PERSON.session}`,
    JSON.stringify({ customer: PERSON.name, address: PERSON.address }),
  ]
  return {
    title: `checkout failed for ${PERSON.mail}`,
    stacktrace: `${logged.join('\n')}\n${crash}`,
    user: PERSON,
    request: { headers: { authorization: `Bearer ${PERSON.bearer}` }, body: PERSON },
    errors: [{ type: 'TypeError', message: `no price for ${PERSON.mail}`, frames: [], vars: { customer: PERSON.name } }],
  }
}

/** Which of the planted values, and of these, stand in a text: as they are, or as they might have been written. */
export function canariesIn(texts: readonly string[], more: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries({ ...PERSON, ...ENVIRONMENT, ...more }).flatMap(([name, value]) => {
    const bytes = Buffer.from(value)
    const shapes = [value, value.replaceAll(' ', ''), encodeURIComponent(value), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')]
    return shapes.filter((shape) => texts.some((text) => text.includes(shape))).map((shape) => `${name} as ${shape.slice(0, 12)}…`)
  })
}

/** Every row of every table, the queue's too, and every artifact unpacked. `password`: of the database itself. */
export async function dumped(home: string): Promise<{ readonly rows: readonly string[]; readonly password: string }> {
  const env = { home, certificateAuthorities: undefined, dockerHost: undefined, color: false }
  await using opened = await openServiceDatabase(env, () => undefined)
  const { database, url } = opened
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  const rows: string[] = []
  for (const { name } of tables.rows)
    rows.push(...(await database.query<{ row: string }>(`SELECT whole::text AS row FROM ${name} AS whole`)).rows.map(({ row }) => row))
  const { rows: artifacts } = await database.query<{ packing: string; bytes: Buffer }>('SELECT packing, bytes FROM fixpoint.artifacts')
  for (const { packing, bytes } of artifacts) rows.push((packing === 'gzip' ? gunzipSync(bytes) : bytes).toString('latin1'))
  return { rows, password: decodeURIComponent(new URL(url).password) }
}

/** Somebody who is told what happens to runs, and keeps all of it. */
export async function listener(): Promise<{ readonly url: string; readonly heard: string[] } & Disposable> {
  const heard: string[] = []
  const server = createServer((request, response) => {
    let body = JSON.stringify(request.headers)
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      heard.push(body)
      response.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard, [Symbol.dispose]: () => server.close() }
}

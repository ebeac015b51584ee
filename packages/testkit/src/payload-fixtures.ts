import { readdirSync, readFileSync } from 'node:fs'

export interface PayloadFixture {
  readonly source: string
  readonly name: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  /** The moment at which it was captured. */
  readonly now: Date
  readonly secret: string | undefined
}

const ROOT = new URL('../../../fixtures/payloads/', import.meta.url)

/** Captured payloads of every alert source: `fixtures/payloads/<source>/<name>.json` with its `.headers.json`. */
export function payloadFixtures(): PayloadFixture[] {
  return readdirSync(ROOT).flatMap((source) =>
    readdirSync(new URL(`${source}/`, ROOT))
      .filter((file) => file.endsWith('.headers.json'))
      .map((file) => file.slice(0, -'.headers.json'.length))
      .map((name) => {
        const said = JSON.parse(readFileSync(new URL(`${source}/${name}.headers.json`, ROOT), 'utf8'))
        const body = new Uint8Array(readFileSync(new URL(`${source}/${name}.json`, ROOT)))
        return { source, name, body, headers: said.headers, now: new Date(said.now), secret: said.secret }
      }),
  )
}

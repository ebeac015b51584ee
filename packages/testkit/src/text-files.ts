import { readdirSync, readFileSync } from 'node:fs'

/** The files of a folder: name → text. */
export function textFilesIn(folder: URL): ReadonlyMap<string, string> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]))
}

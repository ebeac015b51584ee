import type { SourceSnapshot } from '@fixpoint/core'
import { z } from 'zod'

const Names = z.record(z.string(), z.string()).catch({})

/** What we read of a package.json; everything in it may be missing or of another shape. */
const Manifest = z.object({
  name: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  scripts: Names.default({}),
  dependencies: Names.default({}),
  devDependencies: Names.default({}),
  optionalDependencies: Names.default({}),
  peerDependencies: Names.default({}),
  workspaces: z.unknown().optional(),
  mocha: z.unknown().optional(),
  jest: z.unknown().optional(),
})
export type Manifest = z.infer<typeof Manifest>

/** The root package.json; undefined when there is none or it is not JSON. */
export function readManifest(source: SourceSnapshot, path = 'package.json'): Manifest | undefined {
  const text = source.text(path)
  if (text === undefined) return undefined
  try {
    const parsed = Manifest.safeParse(JSON.parse(text.replace(/^\ufeff/, '')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Every dependency that an install brings, by name. */
export function installed(manifest: Manifest | undefined): Readonly<Record<string, string>> {
  return { ...manifest?.optionalDependencies, ...manifest?.dependencies, ...manifest?.devDependencies }
}

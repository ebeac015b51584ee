import { type EnvironmentRecipe, Failure, type SourceSnapshot } from '@fixpoint/core'
import type { Registry } from '../egress/registry.ts'
import type { RoomFile } from '../tar-in.ts'
import { isBuilt } from './install-steps.ts'
import { downloadNpmrc, frontLockfile } from './npm-settings.ts'

/** What the download phase sees of a repository, and what was taken out of it. */
export interface ManifestFiles {
  readonly files: readonly RoomFile[]
  readonly notes: readonly string[]
}

/** Code among the manifests (`setup.py`, `.pnpmfile.cjs`) decides what is installed where it may run, which is not here. */
const CODE = /\.(?:py|[cm]?js|ts|sh)$|(?:^|\/)\.pnpmfile\.cjs$/

export function manifestFiles(recipe: EnvironmentRecipe, source: SourceSnapshot, registries: readonly Registry[]): ManifestFiles {
  const notes: string[] = []
  const files = recipe.manifests.flatMap((path): RoomFile[] => {
    const content = source.read(path)
    if (content === undefined || CODE.test(path) || /(?:^|\/)\.npmrc$/.test(path)) return []
    return [{ path, content: adapted(path, content, registries, notes), executable: false }]
  })
  if (recipe.toolchain === 'node') {
    const npmrc = downloadNpmrc(source.text('.npmrc') ?? '', registries)
    files.push({ path: '.npmrc', content: Buffer.from(npmrc), executable: false })
  }
  return { files, notes }
}

function adapted(path: string, content: Uint8Array, registries: readonly Registry[], notes: string[]): Uint8Array {
  if (/(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/.test(path)) return frontedLock(path, content, registries)
  if (path.endsWith('.txt')) return wheelsOnly(path, content, notes)
  return content
}

function frontedLock(path: string, content: Uint8Array, registries: readonly Registry[]): Uint8Array {
  let lock: ReturnType<typeof frontLockfile>
  try {
    lock = frontLockfile(Buffer.from(content).toString('utf8'), registries)
  } catch (error) {
    throw new Failure('install-failed', `${path} is not JSON`, 'Repair the lockfile (`npm install --package-lock-only`) and commit it.', { cause: error })
  }
  if ('text' in lock) return Buffer.from(lock.text)
  throw new Failure(
    'install-failed',
    `${path} takes packages from an address that is none of your registries: ${lock.foreign.slice(0, 3).join(', ')}`,
    'Install the dependencies yourself and pass `--deps copy`; or name that address in FIXPOINT_NPM_REGISTRY if all packages come from it.',
  )
}

/** Requirement lines that would build code or leave the front are taken out and named. */
function wheelsOnly(path: string, content: Uint8Array, notes: string[]): Uint8Array {
  const lines = Buffer.from(content)
    .toString('utf8')
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
  const kept = lines.filter((line) => {
    const text = line.replace(/(?:^|\s)#.*$/, '').trim()
    const include = /^(?:-r|-c|--requirement|--constraint)[\s=]/.test(text)
    if (text === '' || include || !(text.startsWith('-') || isBuilt(text))) return true
    notes.push(`${path}: left out ${JSON.stringify(text.slice(0, 120))}`)
    return false
  })
  return Buffer.from(kept.join('\n'))
}

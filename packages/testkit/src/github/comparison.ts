import { type BareRepository, type Commit, NO_COMMIT } from './bare-repository.ts'
import { GitRefusal } from './git.ts'

export interface ChangedFile {
  readonly path: string
  readonly formerPath?: string
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed'
  readonly additions: number
  readonly deletions: number
  readonly blob: string | null
  readonly patch?: string
}

export interface Comparison {
  readonly mergeBase: string
  readonly ahead: readonly Commit[]
  readonly behind: number
  readonly files: readonly ChangedFile[]
}

const STATUSES: Readonly<Record<string, ChangedFile['status']>> = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', C: 'copied', T: 'changed' }

/** What `head` has that `base` has not, as pull requests and comparisons show it: since they parted. */
export function compare(git: BareRepository, base: string, head: string): Promise<Comparison> {
  return git.once(`compare ${base} ${head}`, () => computed(git, base, head))
}

async function computed(git: BareRepository, base: string, head: string): Promise<Comparison> {
  const mergeBase = (await git.mergeBase(base, head)) ?? base
  const shas = (await git.text('rev-list', '--reverse', `${mergeBase}..${head}`)).split('\n').filter((sha) => sha !== '')
  const behind = Number(await git.text('rev-list', '--count', `${head}..${base}`))
  return { mergeBase, ahead: await Promise.all(shas.map((sha) => git.commit(sha))), behind, files: await changedFiles(git, mergeBase, head) }
}

async function changedFiles(git: BareRepository, from: string, to: string): Promise<readonly ChangedFile[]> {
  const raw = (await git.bytes('diff', '--raw', '-z', '-M', '--no-abbrev', from, to)).toString()
  if (raw === '') return []
  const fields = raw.split('\0')
  const patches = (await git.bytes('diff', '--no-ext-diff', '--no-textconv', '-M', from, to)).toString().split(/^(?=diff --git )/m)
  const files: ChangedFile[] = []
  for (let at = 0; at + 1 < fields.length; ) {
    const [, , , blob = '', letter = 'M'] = (fields[at] ?? '').split(' ')
    const status = STATUSES[letter.charAt(0)] ?? 'modified'
    const moved = status === 'renamed' || status === 'copied'
    const path = fields[at + (moved ? 2 : 1)] ?? ''
    const formerPath = moved ? fields[at + 1] : undefined
    const patch = hunksOf(patches[files.length] ?? '')
    const lines = patch?.split('\n') ?? []
    files.push({
      path,
      ...(formerPath === undefined ? {} : { formerPath }),
      status,
      additions: lines.filter((line) => line.startsWith('+')).length,
      deletions: lines.filter((line) => line.startsWith('-')).length,
      blob: blob === NO_COMMIT ? null : blob,
      ...(patch === undefined ? {} : { patch }),
    })
    at += moved ? 3 : 2
  }
  return files
}

/** From the first `@@` on; a binary file and a mere change of mode have none. */
function hunksOf(patch: string): string | undefined {
  const start = patch.search(/^@@ /m)
  return start < 0 ? undefined : patch.slice(start).replace(/\n$/, '')
}

/** The tree of a merge; undefined: the two do not go together. */
export async function mergedTree(git: BareRepository, base: string, head: string): Promise<string | undefined> {
  try {
    return (await git.text('merge-tree', '--write-tree', '--allow-unrelated-histories', base, head)).split('\n')[0]
  } catch (error) {
    if (error instanceof GitRefusal && error.exitCode === 1) return undefined
    throw error
  }
}

/** What a file is for, by its path alone. Fixes are mostly in `code`; the others only when something names them. */
export type FileClass = 'code' | 'test' | 'documentation' | 'fixture' | 'generated' | 'vendored' | 'configuration'

/** How much a file of each class counts: the largest single gain in the measurements. Soft, so that a named test still comes up. */
export const CLASS_PRIOR: Readonly<Record<FileClass, number>> = {
  code: 1,
  test: 0.25,
  configuration: 0.15,
  documentation: 0.1,
  fixture: 0.08,
  generated: 0.05,
  vendored: 0.05,
}

const FOLDERS: readonly [FileClass, ReadonlySet<string>][] = [
  ['vendored', new Set(['node_modules', 'vendor', 'vendored', 'third_party', 'third-party', 'bower_components', 'site-packages'])],
  ['generated', new Set(['dist', 'build', 'out', 'coverage', '__generated__', 'generated', '.next'])],
  ['fixture', new Set(['fixtures', 'fixture', '__fixtures__', '__snapshots__', 'testdata', 'test-data', '__mocks__', 'snapshots', 'cassettes'])],
  ['test', new Set(['test', 'tests', '__tests__', 'spec', 'specs', 'e2e'])],
  ['documentation', new Set(['doc', 'docs', 'documentation', 'website', 'examples', 'example'])],
]
const CODE = new Set(['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'py', 'vue', 'svelte'])
const DOCUMENTS = new Set(['md', 'mdx', 'rst', 'txt', 'adoc', 'html'])

export function fileClass(path: string): FileClass {
  const segments = path.split('/')
  const name = segments.pop() ?? ''
  for (const [kind, folders] of FOLDERS) if (segments.some((segment) => folders.has(segment))) return kind
  if (/[._-](test|spec)s?\.[a-z]+$/i.test(name) || /^test_.*\.py$|^conftest\.py$/.test(name)) return 'test'
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (/\.(d\.ts|pb\.[a-z]+|generated\.[a-z]+)$/.test(name) || /_pb2(_grpc)?\.py$/.test(name)) return 'generated'
  if (CODE.has(extension)) return 'code'
  return DOCUMENTS.has(extension) || name === 'LICENSE' || name === 'CHANGELOG' ? 'documentation' : 'configuration'
}

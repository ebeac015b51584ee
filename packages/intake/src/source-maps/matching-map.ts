export interface NamedMap {
  /** The minified file as its owner uploaded it: `assets/app.js`. */
  readonly file: string
}

/**
 * The map of a file that a trace names, `https://cdn.example.com/v2/assets/app.js`: the one whose path shares the most last segments with it.
 * None when the names differ or two are as good.
 */
export function matchingMap<Map extends NamedMap>(file: string, maps: readonly Map[]): Map | undefined {
  const wanted = segmentsOf(file)
  let best: Map | undefined
  let most = 0
  let tied = false
  for (const map of maps) {
    const shared = sharedEnd(wanted, segmentsOf(map.file))
    if (shared === 0 || shared < most) continue
    tied = shared === most
    if (!tied) best = map
    most = shared
  }
  return tied ? undefined : best
}

function segmentsOf(file: string): readonly string[] {
  const path = file.replace(/^[a-z][a-z+.-]{1,20}:\/\/[^/]*/i, '').replace(/[?#].*$/, '')
  return path
    .replaceAll('\\', '/')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .reverse()
}

function sharedEnd(one: readonly string[], other: readonly string[]): number {
  let shared = 0
  while (shared < one.length && shared < other.length && one[shared] === other[shared]) shared += 1
  return shared
}

/** Folders with a manifest of their own, below the root. */
export function nestedManifests(paths: readonly string[]): string[] {
  const folders = paths
    .filter((path) => /\/(?:package\.json|pyproject\.toml|setup\.py)$/.test(path) && !/(?:^|\/)(?:node_modules|fixtures?|examples?|tests?)\//.test(path))
    .map((path) => path.slice(0, path.lastIndexOf('/')))
  return [...new Set(folders)].slice(0, 5)
}

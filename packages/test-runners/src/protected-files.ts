/** Files that decide what a test means, beside the tests themselves. */
const MEANING = [
  /(?:^|\/)(?:__tests__|__mocks__|__snapshots__|__fixtures__|tests?|specs?|fixtures?|testdata|tap-snapshots)\//,
  /\.snap$/,
  /(?:^|\/)(?:test|spec)[-_.]?(?:setup|helpers?|utils?)?\.[cm]?[jt]sx?$/,
  /[._-](?:test|spec)\.[cm]?[jt]sx?$/,
  /(?:^|\/)(?:jest|vitest|vite|mocha|babel|karma|ava|jasmine)\.(?:config|setup|workspace|global)[\w.-]*\.?[cm]?(?:[jt]s|json)$/,
  /(?:^|\/)vitest\.workspace\.(?:[cm]?[jt]s|json)$/,
  /(?:^|\/)\.(?:mocharc|babelrc|swcrc|nycrc|c8rc|taprc)(?:\.[\w]+)?$/,
  /(?:^|\/)mocha\.opts$/,
  /(?:^|\/)(?:conftest\.py|pytest\.ini|\.pytest\.ini|tox\.ini|setup\.cfg|noxfile\.py|\.coveragerc|sitecustomize\.py)$/,
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|\.npmrc)$/,
  /(?:^|\/)(?:pyproject\.toml|setup\.py|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|[\w.-]*requirements[\w.-]*\.txt)$/,
  /(?:^|\/)(?:tsconfig[\w.-]*\.json|biome\.jsonc?|\.eslintrc[\w.-]*|eslint\.config\.[cm]?[jt]s|\.eslintignore|mypy\.ini|ruff\.toml|\.ruff\.toml|\.pylintrc)$/,
  /^(?:\.github|\.gitlab|\.circleci|\.ci|\.buildkite|\.husky)\//,
  /^(?:\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.yml|Jenkinsfile|appveyor\.yml|Makefile|Dockerfile)$/,
  /(?:^|\/)\.(?:gitattributes|gitmodules|gitignore|nvmrc|node-version|python-version)$/,
]

/** The existing files that no patch may touch: tests, what they stand on, runner and checker settings, manifests, CI. */
export function protectedFiles(paths: readonly string[], testFiles: readonly string[]): string[] {
  const tests = new Set(testFiles)
  return paths.filter((path) => tests.has(path) || MEANING.some((pattern) => pattern.test(path)))
}

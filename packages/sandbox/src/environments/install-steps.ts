import { type EnvironmentRecipe, Failure } from '@fixpoint/core'

/** What is run in which phase. `online` commands are known installers with scripts off; everything else has no network. */
export interface InstallSteps {
  readonly online: readonly (readonly string[])[]
  readonly offline: readonly (readonly string[])[]
  /** Offline commands of the owner see the whole tree; install scripts see the manifests only. */
  readonly wholeTree: boolean
}

const NO_SCRIPTS: Readonly<Record<string, string>> = { npm: '--ignore-scripts', pnpm: '--ignore-scripts', yarn: '--ignore-scripts' }

export function installSteps(recipe: EnvironmentRecipe): InstallSteps {
  if (recipe.way === 'setup') return setupSteps(recipe)
  refuseForeignLockfile(recipe)
  // A recipe may come out of a certificate, which is a file from anywhere.
  const odd = recipe.download.find((argv) => !isInstaller(argv))
  if (odd !== undefined)
    throw new Failure(
      'install-failed',
      `${JSON.stringify(odd.join(' '))} is not an installer that may have the registry`,
      'The download phase runs npm, pnpm, yarn, pip and venv only.',
    )
  return { online: recipe.download.map(withoutScripts), offline: recipe.scripts, wholeTree: false }
}

/**
 * The owner's `--setup`. Plain installer commands joined by `&&` are the download, with scripts off, and scripts follow offline.
 * Any other command runs offline as it stands, after the download that the manifests ask for.
 */
function setupSteps(recipe: EnvironmentRecipe): InstallSteps {
  const command = recipe.setupCommand ?? ''
  const rebuild = recipe.toolchain === 'node' ? [['npm', 'rebuild']] : []
  const plain = installerCommands(command)
  if (plain !== undefined) {
    const online = recipe.toolchain === 'python' ? inOwnFolder(plain) : plain
    return { online: online.map(withoutScripts), offline: rebuild, wholeTree: false }
  }
  const online = detectedDownload(recipe)
  return { online: online.map(withoutScripts), offline: [...(online.length > 0 ? rebuild : []), ['sh', '-c', command]], wholeTree: true }
}

const NEW_VENV = ['python3', '-m', 'venv', '--system-site-packages', '.venv']

/** What pip installs has to lie in the work tree: an environment of its own there, whether its owner made one or not. */
function inOwnFolder(commands: readonly (readonly string[])[]): (readonly string[])[] {
  const bare = (argv: readonly string[]) => /^pip3?$/.test(argv[0] ?? '') || (/^python3?$/.test(argv[0] ?? '') && argv[2] === 'pip')
  const made = commands.some((argv) => argv[2] === 'venv')
  const moved = commands.map((argv) => (bare(argv) ? ['.venv/bin/pip', ...(installerOf(argv) ?? []).slice(1)] : argv))
  return made ? moved : [NEW_VENV, ...moved]
}

/** Argument arrays when every part is an installer that can be told to run no scripts, and nothing needs a shell. */
export function installerCommands(command: string): string[][] | undefined {
  const parts = command.split('&&').map((part) => part.trim())
  if (parts.some((part) => part === '' || /[^\w@./:=,+~^[\] -]/.test(part))) return undefined
  const commands = parts.map((part) => part.split(/\s+/))
  return commands.every(isInstaller) ? commands : undefined
}

/** Every option that an online installer may have; what is not here might turn scripts on, or send elsewhere what the front should see. */
const OPTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  npm: new Set(
    `--ignore-scripts --no-audit --no-fund --no-package-lock --no-save --no-optional --legacy-peer-deps --force --production --prefer-offline --workspaces
    --include-workspace-root --include=dev --include=optional --include=peer --omit=dev --omit=optional --omit=peer -D --save-dev`.split(/\s+/),
  ),
  pnpm: new Set(['--ignore-scripts', '--frozen-lockfile', '--no-frozen-lockfile', '--prefer-offline', '-r', '--recursive', '-P', '--prod']),
  yarn: new Set(['--ignore-scripts', '--frozen-lockfile', '--non-interactive', '--production', '--immutable', '--pure-lockfile']),
  pip: new Set(
    '-r --requirement -c --constraint --only-binary :all: --only-binary=:all: --no-input --upgrade -U -q --quiet --no-deps --pre --prefer-binary'.split(' '),
  ),
  venv: new Set(['--system-site-packages', '--without-pip', '.venv', 'venv']),
}
const VERBS: Readonly<Record<string, readonly string[]>> = {
  npm: ['ci', 'install', 'i', 'clean-install'],
  pnpm: ['install', 'i'],
  yarn: ['install'],
  pip: ['install'],
}

/** The installer behind the words and its arguments: `python3 -m pip install x` is pip's `install x`. */
function installerOf(argv: readonly string[]): readonly [name: string, ...rest: string[]] | undefined {
  const [program = '', ...rest] = argv
  if (/^(?:\.venv\/bin\/)?python3?$/.test(program)) {
    const [flag, module = '', ...others] = rest
    return flag === '-m' && (module === 'pip' || module === 'venv') ? [module, ...others] : undefined
  }
  if (/^(?:\.venv\/bin\/)?pip3?$/.test(program)) return ['pip', ...rest]
  return ['npm', 'pnpm', 'yarn'].includes(program) ? [program, ...rest] : undefined
}

function isInstaller(argv: readonly string[]): boolean {
  const [name, ...words] = installerOf(argv) ?? []
  if (name === undefined) return false
  const known = OPTIONS[name]
  if (name === 'venv') return words.every((word) => known?.has(word))
  if (!(VERBS[name] ?? []).includes(words[0] ?? '') && !(name === 'yarn' && words.length === 0)) return false
  return words.slice(1).every((word, at, all) => {
    if (word.startsWith('-')) return known?.has(word) === true && (word !== '--only-binary' || all[at + 1] === ':all:')
    // npm reads a bare `false` behind a switch as its value.
    return !/^(?:true|false|null)$/.test(word)
  })
}

export function withoutScripts(argv: readonly string[]): readonly string[] {
  const [program = ''] = argv
  const flag = NO_SCRIPTS[program]
  if (flag !== undefined) return argv.includes(flag) ? argv : [...argv, flag]
  // Building a source package runs its code: wheels only, whoever asked.
  const pip = /(?:^|\/)pip3?$/.test(program) || (argv[1] === '-m' && argv[2] === 'pip')
  const built = pip ? argv.find((word, at) => at > 0 && isBuilt(word) && !/^(?:-r|-c|--requirement|--constraint)$/.test(argv[at - 1] ?? '')) : undefined
  if (built !== undefined) {
    throw new Failure(
      'install-failed',
      `pip would build ${JSON.stringify(built)}, which runs its code while the registry is reachable`,
      'Name wheels of an index only, or pass `--deps copy`.',
    )
  }
  return pip && !argv.includes('--only-binary') ? [...argv, '--only-binary', ':all:'] : argv
}

/** A folder, an archive, an address or a checkout: what pip does not take from an index as a wheel. */
export const isBuilt = (word: string): boolean => /^[./]|:\/\/|\s@\s|^\w[\w.-]*@|^-e|^--editable|\.(?:zip|tar\.\w+|tgz)$/.test(word)

function detectedDownload(recipe: EnvironmentRecipe): readonly (readonly string[])[] {
  const has = (path: string) => recipe.manifests.includes(path)
  if (recipe.toolchain === 'node') {
    if (has('package-lock.json') || has('npm-shrinkwrap.json')) return [['npm', 'ci']]
    return has('package.json') && !has('yarn.lock') && !has('pnpm-lock.yaml') ? [['npm', 'install', '--no-package-lock']] : []
  }
  const lists = recipe.manifests.filter((path) => /^(?:requirements|dev-requirements|test-requirements|requirements-(?:dev|test))\.txt$/.test(path))
  if (lists.length === 0) return []
  return [NEW_VENV, ['.venv/bin/pip', 'install', '--no-input', ...lists.flatMap((path) => ['-r', path])]]
}

/** npm would ignore another manager's lockfile and install something else than the project was tested with. */
function refuseForeignLockfile(recipe: EnvironmentRecipe): void {
  if (recipe.way !== 'install' || recipe.toolchain !== 'node') return
  if (recipe.manifests.includes('package-lock.json') || recipe.manifests.includes('npm-shrinkwrap.json')) return
  const foreign = ['yarn.lock', 'pnpm-lock.yaml'].find((path) => recipe.manifests.includes(path))
  if (foreign === undefined || recipe.download.some(([program]) => program === 'yarn' || program === 'pnpm')) return
  throw new Failure('install-failed', `the project is locked by ${foreign}, and the image has only npm`, missingManagerHint)
}

export const missingManagerHint =
  'Install the dependencies yourself and pass `--deps copy`, or pass `--setup "npm install"` to install without that lockfile, or give an image that has the manager.'

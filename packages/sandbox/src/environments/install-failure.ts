import { Failure } from '@fixpoint/core'
import type { RegistryRequest } from '../egress/egress.ts'
import type { ExecEnd } from '../exec.ts'

const LAST_LINES = 25

/** The end of the installer's output, and what most likely helps. */
export function installFailure(argv: readonly string[], end: ExecEnd, requests: readonly RegistryRequest[]): Failure {
  const output = `${end.stdout}\n${end.stderr}`
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const how = end.stopped === 'deadline' ? 'took too long' : `ended with ${end.exitCode ?? end.stopped}`
  return new Failure('install-failed', `${argv.join(' ').slice(0, 200)} ${how}:\n${lines.slice(-LAST_LINES).join('\n')}`, hintFor(output, requests))
}

export function hintFor(output: string, requests: readonly RegistryRequest[]): string {
  const reasons = requests.map((request) => request.reason ?? '').join('\n')
  // One index of several may be out of reach; the version is missing where others answered.
  const hint =
    MISSING_VERSION.find(([pattern]) => pattern.test(output)) ??
    HINTS.find(([pattern]) => pattern.test(reasons)) ??
    HINTS.find(([pattern]) => pattern.test(output))
  if (hint !== undefined) return hint[1]
  if (requests.some(({ status }) => status === 401 || status === 403)) return PRIVATE
  return 'Run the same command in the folder to see whether it works there; if it does, pass `--deps copy`.'
}

const PRIVATE =
  'A package comes from a registry that wants a token: set FIXPOINT_NPM_REGISTRY and FIXPOINT_NPM_TOKEN, or FIXPOINT_PIP_INDEX, or pass `--deps copy`.'
const MISSING_VERSION: readonly (readonly [RegExp, string])[] = [
  [
    /\(from versions: (?!none\))/,
    'Your indexes have other versions of that package, and no wheel of this one for the image’s Python: pin one that they have, name what to install with --setup "pip install …", or pass `--deps copy`.',
  ],
]
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|CERT_|certificate/, 'Your network inspects TLS: set FIXPOINT_CA to its certificate authority (a PEM file).'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|does not answer/,
    'The package registry cannot be reached from the Docker engine: check the network and FIXPOINT_NPM_REGISTRY or FIXPOINT_PIP_INDEX (by default what npm and pip are configured for), or pass `--deps copy`.',
  ],
  [/closed address/, 'The registry resolves to a private address: if that is right, name it in FIXPOINT_NPM_REGISTRY or FIXPOINT_PIP_INDEX.'],
  [/foreign address/, 'The registry sends downloads to another host, which is refused: install the dependencies yourself and pass `--deps copy`.'],
  [/more bytes than/, 'The dependencies are larger than one installation may take; install them yourself and pass `--deps copy`.'],
  [
    /can only install packages when your package\.json and package-lock\.json|in sync|EUSAGE/,
    'The lockfile does not fit package.json: run `npm install` and commit the lockfile.',
  ],
  [/ETARGET|No matching version found|\bE404\b/, 'The registry does not have that version: correct it in package.json, and commit it with its lockfile.'],
  [/\bE40[13]\b|401 Unauthorized|403 Forbidden/, PRIVATE],
  [
    /node-gyp|gyp ERR|not found: make|g\+\+|cc: not found|prebuild-install/,
    'A package is built from C or C++ source and the image has no compiler: install the dependencies yourself and pass `--deps copy`, or give an image that has one.',
  ],
  [/EBADPLATFORM|EBADENGINE/, 'A package does not support the image’s Node version or platform.'],
  [/ENOSPC|No space left/, 'The Docker engine has no disk space left: `docker system df` shows what it holds.'],
  [
    /No matching distribution|Could not find a version/,
    'No wheel of that version exists for the image’s Python: source packages are not built. Install them yourself and pass `--deps copy`.',
  ],
  [/command not found|executable file not found|: not found/, 'The image does not have that installer: pass `--deps copy` or another `--setup`.'],
  [/ERESOLVE/, 'npm cannot reconcile what the packages need: commit a lockfile that installs, or say how with --setup "npm install --force".'],
]

// @ts-check
// Every path and command that a document names exists, and no file tells where it was written.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { pathToFileURL } from 'node:url'

// `.github/` is left out: documents name the settings file that a user's repository may have.
const FOLDERS = 'packages|apps|scripts|fixtures|test|docs|bench|sandbox-images|\\.ci'

/**
 * The paths and commands that a Markdown text names: targets of links, and what stands in code.
 *
 * @param {string} text
 * @returns {{ links: string[], paths: string[], scripts: string[], programs: string[] }}
 */
export function namedIn(text) {
  const fences = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '')
  const prose = text.replace(/^```[\s\S]*?^```/gm, '')
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] ?? '').split('#')[0] ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
  const code = [...fences.flatMap((fence) => fence.split('\n')), ...spans]

  const paths = code.flatMap((line) =>
    [...line.matchAll(new RegExp(`(?<![\\w/.@-])(?:\\./)?((?:${FOLDERS})/[\\w@./*<>…{},-]*)`, 'g'))].map((match) => match[1] ?? ''),
  )
  // A file of the top folder, or beside the document: a span that is nothing but a file name.
  const files = spans.filter((span) => /^[\w.-]+\.(md|json|mjs|ts|yml|yaml|toml)$/.test(span))
  const commands = code.map((line) => line.trim().replace(/^\$ /, ''))
  return {
    links,
    paths: [
      ...paths.map((path) => path.replace(/[.,:;]+$/, '')).filter((path) => !/[*<>…{}]/.test(path)),
      ...files.filter((file) => /^[A-Z]+\.md$/.test(file)),
    ],
    scripts: commands.flatMap((command) => [...command.matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)].map((match) => match[1] ?? '')),
    programs: commands.flatMap((command) => [...command.matchAll(/\bnpx (?:--no-install )?([\w@./-]+)/g)].map((match) => match[1] ?? '')),
  }
}

const NPM_OWN = new Set(['ci', 'install', 'i', 'pack', 'ping', 'config', 'run', 'ls', 'exec', 'view', 'audit', 'link'])

/**
 * @param {string} root
 * @param {string} document path inside the root
 * @param {string} text
 * @returns {string[]} what it names that does not exist
 */
export function documentProblems(root, document, text) {
  const folder = dirname(document)
  const exists = (/** @type {string} */ path) => existsSync(join(root, path)) || existsSync(join(root, folder, path))
  const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts ?? {})
  const named = namedIn(text)
  return [
    ...named.links.filter((link) => !existsSync(join(root, link.startsWith('/') ? link : normalize(join(folder, link))))).map((link) => `links to ${link}`),
    ...named.paths.filter((path) => !exists(path)).map((path) => `names ${path}`),
    ...named.scripts.filter((script) => !NPM_OWN.has(script) && !scripts.includes(script)).map((script) => `names the command "npm run ${script}"`),
    ...named.programs.filter((program) => !existsSync(join(root, 'node_modules/.bin', program))).map((program) => `names the command "npx ${program}"`),
  ].map((problem) => `${document} ${problem}, which does not exist`)
}

/**
 * Traces of the machine that a file was written on: its folder, its people's homes, its package registry.
 *
 * @param {string} path
 * @param {string} text
 * @param {readonly string[]} local strings that belong to this machine only
 * @returns {string[]}
 */
export function machineProblems(path, text, local) {
  const problems = local.filter((word) => text.includes(word)).map((word) => `${path} names ${word}, which belongs to this machine`)
  if (/(^|\/)(package-lock\.json|\.package-lock\.json)$/.test(path) && /"resolved": "https?:/.test(text)) {
    problems.push(`${path} names the host of a package registry: install with omit-lockfile-registry-resolved`)
  }
  return problems
}

/** @param {string} root */
function localWords(root) {
  const registries = ['registry', '@jsr:registry'].map((key) =>
    execFileSync('npm', ['config', 'get', key], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
  )
  const hosts = [...registries, process.env.PIP_INDEX_URL ?? ''].filter((url) => URL.canParse(url)).map((url) => new URL(url).host)
  const publicHosts = ['registry.npmjs.org', 'npm.jsr.io', 'pypi.org']
  // A folder with a short or common name (/app, /srv/app) would be found in every captured trace.
  const folder = /^\/(app|srv|opt|usr|workspace)(\/|$)/.test(root) || root.split('/').length < 3 ? [] : [`${root}/`]
  return [...hosts.filter((host) => !publicHosts.includes(host)), ...folder]
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = process.cwd()
  const local = localWords(root)
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  const files = tracked.split('\0').filter((path) => path !== '' && !/\.(png|wasm|bin|gz)$/.test(path) && existsSync(join(root, path)))
  const problems = []
  let documents = 0
  for (const path of files) {
    const text = readFileSync(join(root, path), 'utf8')
    problems.push(...machineProblems(path, text, local))
    if (!/^fixtures\/(repos|reports)\//.test(path) && path.endsWith('.md')) {
      documents += 1
      problems.push(...documentProblems(root, path, text))
    }
  }
  console.log(problems.length === 0 ? `${documents} documents, ${files.length} files` : problems.join('\n'))
  process.exitCode = problems.length === 0 && documents > 0 ? 0 : 1
}

// @ts-check
// What the house has agreed on and no other tool checks.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const VAGUE = /^(utils?|helpers?|types|common|misc|manager|service|shared)\.[cm]?[jt]sx?$|-(utils?|helpers?|manager|service)\.[cm]?[jt]sx?$/

/**
 * @param {string} path of a source file, inside the root
 * @param {string} text
 * @returns {string[]}
 */
export function conventionProblems(path, text) {
  const problems = []
  if (VAGUE.test(basename(path))) problems.push(`${path}: the name says nothing. Remedy: name the noun or the verb.`)
  if (/^export \* from/m.test(text)) problems.push(`${path}: exports everything. Remedy: list the names.`)
  if (/\.test(-d)?\.ts$/.test(path)) {
    if (/\b(it|test|describe)\.only\(/.test(text)) problems.push(`${path}: runs one test only. Remedy: remove ".only".`)
    if (/\bvi\.mock\(['"](\.|@fixpoint)/.test(text)) problems.push(`${path}: mocks a module of ours. Remedy: a fake of the port, from testkit.`)
    return problems
  }
  if (/^(export )?(let|var) /m.test(text)) problems.push(`${path}: holds state of its module. Remedy: a value made in compose.ts.`)
  if (/\bprocess\.env\b/.test(text) && !/^apps\/[^/]+\/src\/env\.ts$/.test(path)) {
    problems.push(`${path}: reads the environment. Remedy: only apps/*/src/env.ts does; take the setting as an argument.`)
  }
  return problems
}

/**
 * @param {string} workspace path of a package, inside the root
 * @param {string | undefined} readme its text
 * @returns {string[]}
 */
export function readmeProblems(workspace, readme) {
  if (readme === undefined) return [`${workspace} has no README.md. Remedy: ten to thirty lines: what it is, what it is not, its door, how to test it.`]
  const lines = readme.trimEnd().split('\n').length
  return lines > 40 ? [`${workspace}/README.md has ${lines} lines. Remedy: ten to thirty; the rest belongs to docs/.`] : []
}

/** @param {string} root */
function workspaces(root) {
  return ['packages', 'apps'].flatMap((group) =>
    existsSync(join(root, group))
      ? readdirSync(join(root, group))
          .filter((name) => existsSync(join(root, group, name, 'package.json')))
          .map((name) => `${group}/${name}`)
      : [],
  )
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = process.cwd()
  const problems = []
  let files = 0
  for (const workspace of workspaces(root)) {
    const readme = join(root, workspace, 'README.md')
    problems.push(...readmeProblems(workspace, existsSync(readme) ? readFileSync(readme, 'utf8') : undefined))
    const entries = readdirSync(join(root, workspace, 'src'), { recursive: true, encoding: 'utf8' })
    for (const entry of entries.filter((name) => /\.tsx?$/.test(name))) {
      files += 1
      const path = `${workspace}/src/${entry}`
      problems.push(...conventionProblems(path, readFileSync(join(root, path), 'utf8')))
    }
  }
  console.log(problems.length === 0 ? `${files} files` : problems.join('\n'))
  process.exitCode = problems.length === 0 && files > 0 ? 0 : 1
}

// @ts-check
// Runs dependency-cruiser and does not believe a silent success: a cruise that read nothing is a failure.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cruise } from 'dependency-cruiser'

/** Far below what exists; with the wrong compiler installed, dependency-cruiser reads 0 modules and says "no violations". */
export const FEWEST_MODULES = 60

/**
 * @typedef {{ rule: string, from: string, to: string, remedy: string }} Violation
 * @typedef {{ modules: number, violations: Violation[] }} Boundaries
 */

/**
 * @param {string} root a folder with `.dependency-cruiser.mjs`, `packages/`, perhaps `apps/` and `test/`
 * @returns {Promise<Boundaries>} `modules`: how many of our own files were read
 */
export async function checkBoundaries(root) {
  const { default: rules } = await import(pathToFileURL(resolve(root, '.dependency-cruiser.mjs')).href)
  const folders = ['packages', 'apps', 'test'].filter((folder) => existsSync(resolve(root, folder)))
  const { output } = await cruise(folders, { ...rules.options, baseDir: root, validate: true, ruleSet: { forbidden: rules.forbidden } })
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output}`)
  const remedies = new Map(rules.forbidden.map((/** @type {{ name: string, comment: string }} */ rule) => [rule.name, rule.comment]))
  return {
    modules: output.modules.filter((module) => /^(packages|apps|test)\/.*\.[cm]?[jt]s$/.test(module.source) && !module.couldNotResolve).length,
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to, remedy: remedies.get(rule.name) ?? '' })),
  }
}

/**
 * @param {Boundaries} boundaries
 * @returns {string[]} what is wrong, empty when nothing is
 */
export function boundaryProblems({ modules, violations }) {
  const problems = violations.map(({ rule, from, to, remedy }) => `${rule}: ${from} → ${to}\n    ${remedy}`)
  if (modules < FEWEST_MODULES) problems.push(`only ${modules} modules were read, at least ${FEWEST_MODULES} exist: the boundaries were not checked`)
  return problems
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const boundaries = await checkBoundaries(process.cwd())
  const problems = boundaryProblems(boundaries)
  console.log(problems.length === 0 ? `${boundaries.modules} modules` : problems.join('\n'))
  process.exitCode = problems.length === 0 ? 0 : 1
}

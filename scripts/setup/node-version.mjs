// @ts-check
import { readFileSync } from 'node:fs'
import { Refusal } from './refusal.mjs'

/**
 * @param {string} version "20.19.0"
 * @param {string} range ">=20.19.0", the only form that package.json uses
 */
export function satisfies(version, range) {
  const actual = version.split('.').map(Number)
  const wanted = range.replace(/^>=/, '').split('.').map(Number)
  for (const [index, part] of wanted.entries()) {
    const difference = (actual[index] ?? 0) - part
    if (difference !== 0) return difference > 0
  }
  return true
}

/** @param {string} root */
export function ensureNodeVersion(root) {
  const { engines } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  if (satisfies(process.versions.node, engines.node)) return
  throw new Refusal(`Fixpoint needs Node ${engines.node}; this is ${process.versions.node}. Install a newer Node from https://nodejs.org and repeat.`)
}

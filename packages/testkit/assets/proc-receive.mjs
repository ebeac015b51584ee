// @ts-check
// What the host says about a push, in the place where git shows it: beside the ref. Speaks git's proc-receive protocol on
// standard input and output. The rules come from the double in GITHUB_DOUBLE_RULES.
import { execFileSync } from 'node:child_process'
import { readSync, writeSync } from 'node:fs'

const FLUSH = '0000'
const NOTHING = '0'.repeat(40)

/** @param {number} length */
function take(length) {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const more = readSync(0, bytes, read, length - read, null)
    if (more === 0) process.exit(1)
    read += more
  }
  return bytes
}

/** @returns {string[]} the lines until the next flush */
function readLines() {
  const lines = []
  for (;;) {
    const length = Number.parseInt(take(4).toString(), 16)
    if (length === 0) return lines
    lines.push(
      take(length - 4)
        .toString()
        .replace(/\n$/, ''),
    )
  }
}

/** @param {string} line */
function say(line) {
  const text = `${line}\n`
  writeSync(1, (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text)
}

/** @param {string[]} args */
function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}

/**
 * @param {string} before
 * @param {string} after
 * @param {string} ref
 * @param {{ protectedRefs: string[], isApp: boolean, workflows: boolean }} rules
 * @returns {string | undefined} why not
 */
function objection(before, after, ref, { protectedRefs, isApp, workflows }) {
  if (ref.startsWith('refs/pull/')) return 'deny updating a hidden ref'
  if (protectedRefs.includes(ref)) {
    const what = after === NOTHING ? 'Cannot delete a protected branch' : 'Changes must be made through a pull request.'
    process.stderr.write(`error: GH006: Protected branch update failed for ${ref}.\nerror: ${what}\n`)
    return 'protected branch hook declined'
  }
  if (workflows || after === NOTHING) return undefined
  const range = before === NOTHING ? [after, '--not', '--all'] : [after, `^${before}`, '--not', '--all']
  const touched = git('log', '--format=', '--name-only', '--no-renames', ...range, '--', '.github/workflows')
    .split('\n')
    .find((path) => path !== '')
  if (touched === undefined) return undefined
  const who = isApp ? 'a GitHub App' : 'a Personal Access Token'
  return `refusing to allow ${who} to create or update workflow \`${touched}\` without \`${isApp ? 'workflows` permission' : 'workflow` scope'}`
}

const rules = JSON.parse(process.env.GITHUB_DOUBLE_RULES ?? '{"protectedRefs":[],"isApp":false,"workflows":true}')
readLines()
say('version=1')
writeSync(1, FLUSH)
const commands = readLines()
for (const command of commands) {
  const [before = '', after = '', ref = ''] = command.split(' ')
  const why = objection(before, after, ref, rules)
  if (why === undefined) {
    say(`ok ${ref}`)
    say('option fall-through')
  } else say(`ng ${ref} ${why}`)
}
writeSync(1, FLUSH)

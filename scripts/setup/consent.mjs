// @ts-check
// Nothing is installed outside this folder without a word.
import { createInterface } from 'node:readline/promises'
import { Refusal } from './refusal.mjs'

/**
 * @typedef {{ yes: boolean, terminal: boolean, ci: boolean }} Circumstances
 *   `yes`: --yes was given; `terminal`: a person can be asked; `ci`: the CI variable is set
 */

/**
 * May something be installed outside the folder? `--yes` says so; a person at a terminal is asked; an automatic
 * build goes on; anything else (a cron job, a pipe, an agent) has not agreed to anything.
 *
 * @param {Circumstances} circumstances
 * @returns {'go-on' | 'ask' | 'refuse'}
 */
export function consentFor({ yes, terminal, ci }) {
  if (yes) return 'go-on'
  if (terminal) return 'ask'
  return ci ? 'go-on' : 'refuse'
}

/** @returns {Circumstances} */
function circumstancesHere() {
  const ci = process.env.CI ?? ''
  return {
    yes: process.argv.includes('--yes'),
    terminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
    ci: ci !== '' && ci !== '0' && ci !== 'false',
  }
}

/**
 * Prints what would be done and goes on, asks, or refuses.
 *
 * @param {string} what a sentence
 * @param {readonly (readonly string[])[]} commands the commands that would run
 */
export async function obtainConsent(what, commands) {
  const list = commands.map((command) => `    ${command.join(' ')}`).join('\n')
  console.log(`\n${what} This is outside this folder:\n${list}`)
  const consent = consentFor(circumstancesHere())
  if (consent === 'go-on') return
  if (consent === 'refuse') {
    throw new Refusal('There is no terminal to ask at. Run the commands above yourself, or repeat this with "-- --yes" (or CI=true).')
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('Go on? [y/N] ')
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new Refusal('Nothing was installed. Run the commands above yourself when you are ready.')
}

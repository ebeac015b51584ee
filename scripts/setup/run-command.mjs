// @ts-check
// Starting other programs. Always an argument array, never a shell string.
import { spawn } from 'node:child_process'

/**
 * @typedef {{ exitCode: number, output: string, seconds: number }} CommandResult
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} CommandOptions
 */

/** What is kept of a program's output, from its end: where programs say what went wrong. */
const KEPT_CHARACTERS = 400_000

/**
 * Runs a program to its end. A program that cannot be started is a result too: exit code 127.
 *
 * @param {readonly string[]} command
 * @param {CommandOptions} [options] `show`: pass its output on to the screen while it runs
 * @returns {Promise<CommandResult>} `output` is standard output and error together
 */
export function runCommand(command, options = {}) {
  const [file = '', ...args] = command
  const started = performance.now()
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(file, args, { cwd: options.cwd ?? process.cwd(), env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] })
    const take = (/** @type {Buffer} */ chunk) => {
      if (options.show) process.stdout.write(chunk)
      output = (output + chunk.toString()).slice(-KEPT_CHARACTERS)
    }
    const finish = (/** @type {number} */ exitCode) => resolve({ exitCode, output, seconds: (performance.now() - started) / 1000 })
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => {
      output += String(error)
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}

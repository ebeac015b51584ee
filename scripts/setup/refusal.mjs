// @ts-check

/** Set-up cannot go on. The message says what is missing and what to type; nobody needs the stack. */
export class Refusal extends Error {
  /** @override */
  name = 'Refusal'
}

/**
 * Runs a script's body; a refusal becomes a message and exit code 9 (environment), anything else crashes loudly.
 *
 * @param {() => Promise<number>} body resolves to the exit code
 */
export async function runScript(body) {
  try {
    process.exitCode = await body()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.error(`\n${error.message}`)
    process.exitCode = 9
  }
}

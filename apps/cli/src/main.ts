import { createRequire } from 'node:module'
import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { complain } from './complain.ts'
import { readEnv } from './env.ts'
import { addEvaluationCommands } from './evaluation-commands.ts'
import type { ExitCode } from './exit-codes.ts'
import { addGitHubCommands } from './github-commands.ts'
import { addLocalCommands } from './local-commands.ts'
import { addModelCommands } from './model-commands.ts'
import { screenOn } from './present/terminal.ts'
import { addServiceCommands } from './service-commands.ts'
import { addSettingsCommands } from './settings-commands.ts'

const EXIT_CODES =
  'Exit codes: 0 delivered or true · 2 usage · 3 settings · 4 sign-in · 5 not reproduced · 6 no patch, needs a person, or verify false · 7 refused by policy · 8 budget or time · 9 environment · 130 interrupted · 1 anything else'

const EXAMPLES = `
Examples:
  fixpoint fix --repo . --report crash.log        from a production log to a patch with a certificate
  journalctl -u shop | fixpoint fix --repo . --report -
  fixpoint fix --repo .                           the failing tests are the report
  fixpoint verify --repo . certificate.json       prove it again, from nothing
`

/** The `fixpoint` command. Sets `process.exitCode`; never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  // Whoever reads our output may have gone (`| head`): what is under way is finished and recorded all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const done = (code: ExitCode) => {
    process.exitCode = code
  }
  const json = argv.includes('--json')
  try {
    const env = readEnv()
    const screen = screenOn(process.stderr, env.color)
    try {
      await commandTree({ env, screen, done }).parseAsync([...argv])
    } catch (error) {
      done(complain(error, json, screen))
    }
  } catch (error) {
    done(complain(error, json, screenOn(process.stderr, false)))
  }
}

/** Every command there is. Each is loaded when it is called. */
export function commandTree(context: CommandContext): Command {
  const program = new Command('fixpoint')
    .description('Fixes bugs by itself and proves it: from a stack trace to a verified patch.')
    .version(String(createRequire(import.meta.url)('../package.json').version), '--version', 'which version this is')
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', `${EXAMPLES}\n${EXIT_CODES}`)

  addLocalCommands(program, context)
  addEvaluationCommands(program, context)
  addModelCommands(program, context)
  addServiceCommands(program, context)
  addGitHubCommands(program, context)
  addSettingsCommands(program, context)
  return program
}

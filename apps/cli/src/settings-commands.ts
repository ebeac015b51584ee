import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

/** What may be said in settings, and what holds. */
export function addSettingsCommands(program: Command, { env, screen, done }: CommandContext): void {
  const config = program.command('config').description('settings of a repository, and of the operator')
  const commands = () => import('./commands/config.ts')
  config
    .command('validate')
    .description('what is wrong with them, with file, line and column')
    .option('--repo <where>', 'folder of a repository, or a settings file', '.')
    .action(async (options) => done(await (await commands()).validateConfig(options, env, screen)))
  config
    .command('print')
    .description('what holds for a repository')
    .option('--repo <where>', 'folder of a repository, a settings file, or owner/name on GitHub', '.')
    .option('--explain', 'with whose word each is')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await commands()).printConfig(options, env, screen)))
  config
    .command('schema')
    .description('the JSON schema of settings, for an editor')
    .argument('[whose]', 'repository or operator', 'repository')
    .action(async (whose) => done((await commands()).printSchema(whose)))
}

import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

/** Which models may be asked, and whether they answer. */
export function addModelCommands(program: Command, { env, screen, done }: CommandContext): void {
  const models = program.command('models').description('the models that may be asked')
  models
    .command('list')
    .description('the lanes that are set up, their models, prices, and where the keys come from; asks nobody')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/models.ts')).listModels(options, env, screen)))
}

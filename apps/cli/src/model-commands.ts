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
  models
    .command('test')
    .description('ask a tiny question and for a call of a tool, and tell what came, how fast, and what it cost')
    .argument('[model]', 'a lane, or provider/model (default: every lane)')
    .option('--json', 'one JSON object a line')
    .action(async (model, options) => done(await (await import('./commands/models.ts')).testModels(model, options, env, screen)))
}

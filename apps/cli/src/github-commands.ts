import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

/** GitHub: the app, whether it has what it needs, and repositories that begin with it. */
export function addGitHubCommands(program: Command, { env, screen, done }: CommandContext): void {
  program
    .command('github-app')
    .description('the GitHub app of the service')
    .command('create')
    .description('make it, with your browser: a page on this machine leads to GitHub and back')
    .option('--org <name>', 'the organisation that it belongs to (default: whoever registers it)')
    .option('--url <url>', 'of an Enterprise server: https://host/api/v3')
    .option('--name <name>', 'how it is called; nobody else’s on GitHub')
    .option('--hook <url>', 'https address of the service (default: server.publicUrl of the settings)')
    .option('--print', 'only print what would be registered, and where')
    .action(async (options) => done(await (await import('./commands/github-app.ts')).createGitHubApp(options, env, screen)))

  const github = program.command('github').description('what the service has to do with GitHub')
  github
    .command('check')
    .description('credentials, clock, permissions, events, installations and deliveries, and what to do where one is not right')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/github-check.ts')).checkGitHub(options, env, screen)))
  github
    .command('onboard')
    .description('a pull request with a settings file and what was found out about the repository')
    .argument('<repository>', 'owner/name')
    .option('--print', 'only print the file')
    .action(async (name, options) => done(await (await import('./commands/github-onboard.ts')).onboard(name, options, env, screen)))
}

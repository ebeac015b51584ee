import { type Command, Option } from 'commander'
import { type CommandContext, RUN } from './command-context.ts'

/** Runs on this machine, with files and no service. */
export function addLocalCommands(program: Command, { env, screen, done }: CommandContext): void {
  withReport(program.command('fix').description('take a report, reproduce it, fix it, judge the fix, and hand over a patch with a certificate')).action(
    async (options) => done(await (await import('./commands/fix.ts')).fix(options, env, screen)),
  )
  withReport(program.command('reproduce').description('make the reported failure happen: a failing test, ready to be committed; nothing is drafted')).action(
    async (options) => done(await (await import('./commands/reproduce.ts')).reproduce(options, env, screen)),
  )
  withReport(program.command('explain').description('where the cause lies, with evidence; nothing is changed')).action(async (options) =>
    done(await (await import('./commands/reproduce.ts')).explain(options, env, screen)),
  )

  program
    .command('ask')
    .description('answer a question about a repository or a run, with the lines that show it')
    .argument('<question>', 'in your words')
    .option('--repo <dir>', 'the git repository')
    .option('--run <run>', `a run: ${RUN}`)
    .option('--lane <name>', 'a lane that is set up; the last of them otherwise; patterns: no model is asked')
    .option('--model <provider/model>', 'this model')
    .option('--budget <spec>', 'for example money=0.5')
    .option('--prompt', 'also print every word that was sent and said')
    .option('--json', 'the answer as JSON on standard output')
    .action(async (question, options) => done(await (await import('./commands/ask.ts')).ask(question, options, env, screen)))

  program
    .command('verify')
    .description('re-run a certificate from nothing and say whether it holds')
    .argument('<certificate>', 'certificate.json of a run')
    .requiredOption('--repo <dir>', 'the git repository')
    .option('--json', 'the result as JSON on standard output')
    .action(async (file, options) => done(await (await import('./commands/verify.ts')).verify(file, options, env, screen)))

  const runs = program.command('runs').description('what was run')
  runs
    .command('list')
    .description('all runs, newest first')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/runs.ts')).listRuns(options, env, screen)))
  runs
    .command('show')
    .description('what came of a run')
    .argument('<run>', RUN)
    .option('--json', 'one JSON object a line')
    .action(async (id, options) => done(await (await import('./commands/runs.ts')).showRun(id, options, env, screen)))
  runs
    .command('logs')
    .description('the facts of a run, in order')
    .argument('<run>', RUN)
    .option('--json', 'one JSON object a line')
    .action(async (id, options) => done(await (await import('./commands/runs.ts')).logRun(id, options, env)))
  runs
    .command('exchanges')
    .description('what the models of a run were asked, and what they said')
    .argument('<run>', RUN)
    .argument('[number]', 'one exchange, with every word of its prompt')
    .option('--json', 'one JSON object a line')
    .action(async (id, number, options) => done(await (await import('./commands/exchanges.ts')).exchanges(id, number, options, env, screen)))
  runs
    .command('resume')
    .description('go on with a run that was cut off')
    .argument('<run>', RUN)
    .option('--out <dir>', 'where patch, certificate or diagnosis are written (default: beside the run’s journal)')
    .option('--json', 'one JSON object a line on standard output, the result last')
    .action(async (id, options) => done(await (await import('./commands/runs.ts')).resumeRun(id, options, env, screen)))

  program
    .command('replay')
    .description('fold a run’s journal again, without touching the world')
    .argument('<run>', RUN)
    .option('--json', 'one JSON object a line')
    .action(async (id, options) => done(await (await import('./commands/runs.ts')).replayRun(id, options, env)))

  program
    .command('doctor')
    .description('check that this machine can run Fixpoint, and say what to do where it cannot')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/doctor.ts')).doctor(options, env, screen)))
}

/** What every command that begins with a report takes. */
function withReport(command: Command): Command {
  return command
    .requiredOption('--repo <dir>', 'the git repository')
    .option('--report <file>', 'stack trace, log or issue; - for standard input; without it the failing test suite is the report')
    .option('--test <command>', 'test command, when the runner is not detected; judged by exit code, weaker evidence')
    .option('--setup <command>', 'command that installs the dependencies, in place of the detected one')
    .addOption(new Option('--deps <how>', 'copy the installed dependencies of the folder, or install them').choices(['copy', 'install']))
    .option('--lane <name>', 'auto: patterns, then the models that are set up; patterns: no model is asked; or one lane by its name')
    .option('--model <provider/model>', 'this model alone, after the patterns')
    .option('--budget <spec>', 'for example attempts=8,minutes=15,money=2; a single number means attempts')
    .option('--dirty', 'take the work tree as it is, uncommitted changes included')
    .option('--out <dir>', 'where what comes of it is written (default: beside the run’s journal)')
    .option('--json', 'one JSON object a line on standard output, the result last')
}

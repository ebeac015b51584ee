import { type Command, Option } from 'commander'
import type { CommandContext } from './command-context.ts'

/** How good it is: on cases with known answers, and on a repository's own past. */
export function addEvaluationCommands(program: Command, { env, screen, done }: CommandContext): void {
  const evaluation = withRunOptions(program.command('eval'))
    .description('run bugs whose answers are known, and report resolved, wrongly proposed, abstained')
    .argument('<cases>', 'a file of cases (.json, .jsonl), a folder of *.case.json files, fixtures, or bench (FIXPOINT_BENCH)')
    .option('--only <ids>', 'these cases alone, with commas between')
    .option('--hide-tests', 'bench: leave the tests of the fix out of the tree')
    .option('--out <dir>', 'where result.json and report.md are written', 'fixpoint-eval')
    .action(async (cases, options) => done(await (await import('./commands/eval.ts')).evaluateCases(cases, options, env, screen)))

  withRunOptions(program.command('backtest'))
    .description('what would have become of a repository’s last fixes: fixed, wrongly proposed, left alone, in what time and at what cost')
    .requiredOption('--repo <dir>', 'the git repository')
    .option('--last <n>', 'so many fixes', '20')
    .option('--search <n>', 'commits that are looked at, at most', '1000')
    .option('--revision <commit>', 'where the search begins', 'HEAD')
    .option('--test <command>', 'test command, when the runner is not detected')
    .option('--setup <command>', 'command that installs the dependencies, in place of the detected one')
    .addOption(new Option('--deps <how>', 'copy the installed dependencies of the folder, or install them').choices(['copy', 'install']))
    .option('--with-subject', 'tell runs the subject of the fix as well: it gives much of the answer away')
    .option('--out <dir>', 'where report.md, result.json and cases.json are written', 'fixpoint-backtest')
    .action(async (options) => done(await (await import('./commands/backtest.ts')).backtest(options, env, screen)))

  evaluation
    .command('compare')
    .description('two results on the same cases: what flipped, and whether that can be told from chance')
    .argument('<a>', 'a folder that eval wrote')
    .argument('<b>', 'another')
    .option('--json', 'the comparison as JSON')
    .action(async (a, b, options) => done(await (await import('./commands/eval-compare.ts')).compareResults(a, b, options)))
}

function withRunOptions(command: Command): Command {
  return command
    .option('--lane <lane>', 'who drafts: auto, patterns, or one lane of the settings (default: auto)')
    .option('--model <provider/model>', 'a model, in place of those of the settings')
    .option('--budget <spec>', 'for one case: attempts=8,minutes=15')
    .option('--record <dir>', 'keep every exchange with a model on a cassette of its case')
    .option('--replay <dir>', 'ask no model: the cassettes answer, bit for bit')
    .option('--minutes <n>', 'time for one case')
    .option('--parallel <n>', 'cases at a time (default: 1, which measures time best)')
    .option('--resume', 'go on with the cases that --out does not know yet')
    .option('--verbose', 'every note of every run')
    .option('--json', 'the result as JSON on standard output')
}

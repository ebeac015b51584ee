import { Command, Option } from 'commander'
import { complain } from './complain.ts'
import { type Env, readEnv } from './env.ts'
import type { ExitCode } from './exit-codes.ts'
import { type Screen, screenOn } from './present/terminal.ts'

const EXIT_CODES =
  'Exit codes: 0 delivered or true · 2 usage · 3 settings · 4 sign-in · 5 not reproduced · 6 no patch, needs a person, or verify false · 7 refused by policy · 8 budget or time · 9 environment · 130 interrupted · 1 anything else'

const RUN = 'its id, or the last letters of it'
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
      await commands(env, screen, done).parseAsync([...argv])
    } catch (error) {
      done(complain(error, json, screen))
    }
  } catch (error) {
    done(complain(error, json, screenOn(process.stderr, false)))
  }
}

function commands(env: Env, screen: Screen, done: (code: ExitCode) => void): Command {
  const program = new Command('fixpoint')
    .description('Fixes bugs by itself and proves it: from a stack trace to a verified patch.')
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', `${EXAMPLES}\n${EXIT_CODES}`)

  program
    .command('fix')
    .description('take a report, reproduce it, fix it, judge the fix, and hand over a patch with a certificate')
    .requiredOption('--repo <dir>', 'the git repository')
    .option('--report <file>', 'stack trace, log or issue; - for standard input; without it the failing test suite is the report')
    .option('--test <command>', 'test command, when the runner is not detected; judged by exit code, weaker evidence')
    .option('--setup <command>', 'command that installs the dependencies, in place of the detected one')
    .addOption(new Option('--deps <how>', 'copy the installed dependencies of the folder, or install them').choices(['copy', 'install']))
    .option('--budget <spec>', 'for example attempts=8,minutes=15; a single number means attempts')
    .option('--dirty', 'take the work tree as it is, uncommitted changes included')
    .option('--out <dir>', 'where patch, certificate or diagnosis are written (default: beside the run’s journal)')
    .option('--json', 'one JSON object a line on standard output, the result last')
    .action(async (options) => done(await (await import('./commands/fix.ts')).fix(options, env, screen)))

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
    .command('serve')
    .description('the service: alerts come in over HTTP, runs are driven, people decide')
    .option('--host <address>', 'where to listen (default: 127.0.0.1)')
    .option('--port <number>', 'where to listen (default: 4317); 0 lets one be chosen')
    .option('--no-worker', 'answer requests only: other processes (`fixpoint worker`) drive the runs')
    .option('--json', 'logs as JSON lines')
    .action(async (options) => done(await (await import('./commands/serve.ts')).serve(options, env, screen)))
  program
    .command('worker')
    .description('drives runs of the service; as many as you like, on as many machines (needs DATABASE_URL)')
    .option('--json', 'logs as JSON lines')
    .action(async (options) => done(await (await import('./commands/serve.ts')).work(options, env, screen)))

  const keys = program.command('keys').description('addresses for alert sources')
  keys
    .command('create')
    .description('a new address for one source; its secret is shown once')
    .argument('<source>', 'sentry, grafana, alertmanager, datadog, rollbar, pagerduty, aws-sns, otlp-logs, generic')
    .option('--name <name>', 'what people call it')
    .option('--repo <name>', 'repository of the settings, for alerts that name none')
    .option('--service <name>', 'service of the settings, for alerts that name none')
    .option('--signing-secret <secret>', 'what the source signs with')
    .option('--base <url>', 'address under which the source reaches this service')
    .action(async (source, options) => done(await (await import('./commands/keys.ts')).createKey(source, options, env, screen)))
  keys
    .command('list')
    .description('all keys, without their secrets')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/keys.ts')).listKeys(options, env, screen)))
  keys
    .command('revoke')
    .description('a key opens nothing any more')
    .argument('<id>', 'its id')
    .action(async (id) => done(await (await import('./commands/keys.ts')).revokeKey(id, env, screen)))

  const tokens = program.command('tokens').description('who may use the API')
  tokens
    .command('create')
    .description('a new token; its secret is shown once')
    .argument('<name>', 'who acts, in journals and logs')
    .option('--scope <scopes>', 'read, decide, admin: one or more, with commas', 'read')
    .option('--days <number>', 'how long it is valid (default: until it is revoked)')
    .action(async (name, options) => done(await (await import('./commands/tokens.ts')).createToken(name, options, env, screen)))
  tokens
    .command('list')
    .description('all tokens, without their secrets')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/tokens.ts')).listTokens(options, env, screen)))
  tokens
    .command('revoke')
    .description('a token opens nothing any more')
    .argument('<id>', 'its id')
    .action(async (id) => done(await (await import('./commands/tokens.ts')).revokeToken(id, env, screen)))

  const stop = program.command('stop').description('the emergency stop of the service: no run goes on, in any process')
  stop
    .command('now')
    .description('halt all work; alerts are still taken in')
    .option('--reason <words>', 'why, for the others')
    .action(async (options) => done(await (await import('./commands/stop.ts')).emergencyStop(true, options, env, screen)))
  stop
    .command('lift')
    .description('go on')
    .action(async () => done(await (await import('./commands/stop.ts')).emergencyStop(false, {}, env, screen)))
  stop
    .command('status')
    .description('whether it is on')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./commands/stop.ts')).stopStatus(options, env, screen)))

  const webhook = program.command('webhook').description('payloads of alert sources')
  webhook
    .command('send')
    .description('post a payload as its source would')
    .argument('<file>', 'JSON, for example one of fixtures/payloads')
    .requiredOption('--to <url>', 'an address that `keys create` made')
    .option('--headers <file>', 'JSON object of headers (default: beside the payload)')
    .option('--secret <secret>', 'what the key’s source signs with')
    .action(async (file, options) => done(await (await import('./commands/webhook.ts')).sendWebhook(file, options, env, screen)))

  const review = program.command('review').description('proposals that wait for a person')
  const reviews = () => import('./commands/review.ts')
  review
    .command('list')
    .description('oldest first')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await reviews()).listProposals(options, env, screen)))
  review
    .command('show')
    .description('what it says, its evidence, its diff')
    .argument('<run>', RUN)
    .option('--json', 'as JSON')
    .action(async (id, options) => done(await (await reviews()).showProposal(id, options, env, screen)))
  const shown = ['--proposal <digest>', 'the proposal that you read, as `review show` names it'] as const
  review
    .command('approve')
    .description('publish it')
    .argument('<run>', RUN)
    .requiredOption(...shown)
    .action(async (id, options) => done(await (await reviews()).decide('approve', id, options, env, screen)))
  review
    .command('request-changes')
    .description('another attempt, with your words as a lesson')
    .argument('<run>', RUN)
    .requiredOption(...shown)
    .requiredOption('--reason <words>', 'what should be different')
    .action(async (id, options) => done(await (await reviews()).decide('request-changes', id, options, env, screen)))
  review
    .command('reject')
    .description('no, and why')
    .argument('<run>', RUN)
    .requiredOption(...shown)
    .requiredOption('--reason <words>', 'why')
    .action(async (id, options) => done(await (await reviews()).decide('reject', id, options, env, screen)))

  const outbound = program.command('outbound').description('what others are told: webhooks and Slack')
  outbound
    .command('list')
    .description('newest first')
    .addOption(new Option('--state <state>', 'only these').choices(['waiting', 'sent', 'failed']))
    .option('--to <name>', 'only those for one receiver of the settings')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/outbound.ts')).listOutbound(options, env, screen)))
  outbound
    .command('resend')
    .description('send one once more')
    .argument('<id>', 'its id')
    .action(async (id) => done(await (await import('./commands/outbound.ts')).resendOutbound(id, env, screen)))

  const db = program.command('db').description('the database of the service')
  db.command('migrate')
    .description('bring it up to this version')
    .action(async () => done(await (await import('./commands/db.ts')).migrateDatabase(env, screen)))
  db.command('status')
    .description('which migrations it has')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/db.ts')).databaseStatus(options, env, screen)))

  program
    .command('doctor')
    .description('check that this machine can run Fixpoint, and say what to do where it cannot')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/doctor.ts')).doctor(options, env, screen)))

  return program
}

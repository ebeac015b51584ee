import { type Command, Option } from 'commander'
import { type CommandContext, RUN } from './command-context.ts'

/** The service: its processes, its keys, and what people decide. */
export function addServiceCommands(program: Command, { env, screen, done }: CommandContext): void {
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

  program
    .command('dev')
    .description('the service to try, with a sample repository and an alert at the press of a key; leaves nothing behind')
    .option('--port <number>', 'where to listen (default: one that is free)')
    .action(async (options) => done(await (await import('./commands/dev.ts')).dev(options, env, screen)))

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

  program
    .command('login')
    .description('a link that opens the dashboard, once')
    .option('--name <name>', 'who acts, in journals and logs', 'operator')
    .option('--scope <scopes>', 'read, decide, admin: one or more, with commas', 'read,decide,admin')
    .option('--base <url>', 'the address under which a browser reaches the service (default: that of the settings)')
    .action(async (options) => done(await (await import('./commands/login.ts')).login(options, env, screen)))

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

  const deliveries = program.command('deliveries').description('what alert sources delivered')
  deliveries
    .command('list')
    .description('the last ones: verified or not, how often, what became of them and why')
    .addOption(new Option('--state <state>', 'only these').choices(['accepted', 'reported', 'ignored', 'shed', 'failed', 'refused']))
    .option('--source <source>', 'only those of one source')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/deliveries.ts')).listDeliveries(options, env, screen)))
  deliveries
    .command('replay')
    .description('look at one again: after the settings, a repository or this program were mended')
    .argument('<id>', 'its id')
    .action(async (id) => done(await (await import('./commands/deliveries.ts')).replayDelivery(id, env, screen)))

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
    .option('--out <dir>', 'write patch, certificate and words into this folder too')
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
    .command('edit')
    .description('have the patch judged as you made it; the proposal stands until yours passed every gate')
    .argument('<run>', RUN)
    .requiredOption(...shown)
    .requiredOption('--patch <file>', 'a unified diff against the base of the proposal')
    .action(async (id, options) => done(await (await reviews()).editPatch(id, options, env, screen)))
  review
    .command('reject')
    .description('no, and why')
    .argument('<run>', RUN)
    .requiredOption(...shown)
    .requiredOption('--reason <words>', 'why')
    .action(async (id, options) => done(await (await reviews()).decide('reject', id, options, env, screen)))

  program
    .command('insights')
    .description('how well it goes: how far runs came, what people did with proposals, how much of what was merged still stands')
    .option('--since <time>', 'days (30d) or a date', '30d')
    .option('--until <time>', 'days ago or a date; now by default')
    .option('--repo <name>', 'of one repository alone')
    .option('--json', 'everything that is known, as JSON')
    .action(async (options) => done(await (await import('./commands/insights.ts')).insights(options, env, screen)))

  program
    .command('observed')
    .description('what would have been proposed under autonomy observe, and what people did about the same lines')
    .option('--since <when>', 'days (7d) or a date', '7d')
    .option('--until <when>', 'days ago, or a date (default: now)')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./commands/observed.ts')).observed(options, env, screen)))

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

  const sourceMaps = program.command('sourcemaps').description('what minified files were written from')
  sourceMaps
    .command('upload')
    .description('send the source maps of a release to the service; the sources in them stay here')
    .argument('<files...>', 'source maps, or folders that hold them')
    .requiredOption('--service <name>', 'as alerts name it')
    .requiredOption('--release <release>', 'as alerts name it')
    .option('--to <url>', 'address of the service (default: FIXPOINT_URL)')
    .action(async (files, options) => done(await (await import('./commands/source-maps.ts')).uploadSourceMaps(files, options, env, screen)))

  const db = program.command('db').description('the database of the service')
  db.command('migrate')
    .description('bring it up to this version')
    .action(async () => done(await (await import('./commands/db.ts')).migrateDatabase(env, screen)))
  db.command('status')
    .description('which migrations it has')
    .option('--json', 'one JSON object a line')
    .action(async (options) => done(await (await import('./commands/db.ts')).databaseStatus(options, env, screen)))
}

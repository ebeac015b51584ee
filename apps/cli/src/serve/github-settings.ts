import { createPrivateKey } from 'node:crypto'
import { Autonomy, Failure, Strength } from '@fixpoint/core'
import { z } from 'zod'
import type { Env } from '../env.ts'
import { revealSecret, Secret } from './secrets.ts'

/** `acme/shop`, or `acme/*`. */
const RepositoryPattern = z.string().regex(/^[\w.*-]+\/[\w.*-]+$/, 'owner/name; * stands for any letters')

/** Keys and tokens go there: in clear only to this machine itself. */
const ApiUrl = z
  .url({ protocol: /^https?$/, error: 'an address, as https://api.github.com or https://host/api/v3' })
  .transform((text) => text.replace(/\/+$/, ''))
  .refine(
    (text) => {
      const { protocol, hostname, pathname } = new URL(text)
      if (['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return true
      return protocol === 'https:' && (hostname.startsWith('api.') || pathname.endsWith('/api/v3'))
    },
    { error: 'https://api.github.com, or of an Enterprise server https://host/api/v3' },
  )

/** A login, a team (`acme/platform`), or everybody of an organisation (`acme/*`). */
const People = z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*(\/([\w-][\w.-]*|\*))?$/, 'a login, organisation/team, or organisation/*'))

/** Who may open the dashboard by their account on GitHub. */
const SignInSettings = z.strictObject({
  /** Of the app: its page on GitHub tells both. */
  clientId: z.string().min(1),
  clientSecret: Secret,
  /** May look; look and decide; look, decide and change settings. */
  view: People.default([]),
  decide: People.default([]),
  admin: People.default([]),
})
export type SignInSettings = z.infer<typeof SignInSettings>

/** How GitHub is reached, and what may be done there. */
export const GitHubSettings = z
  .strictObject({
    /** A GitHub App: `fixpoint github-app create` makes one. */
    app: z.strictObject({ id: z.number().int().positive(), privateKey: Secret, webhookSecret: Secret }).optional(),
    /** A person's token, where an app cannot be had. */
    token: Secret.optional(),
    /** What GitHub signs its webhooks with, beside a token; an app has its own. */
    webhookSecret: Secret.optional(),
    /** Without it people sign in by link alone. */
    signIn: SignInSettings.optional(),
    /** Of an Enterprise server: https://host/api/v3. */
    apiUrl: ApiUrl.default('https://api.github.com'),
    /** The only repositories that are worked on; by default all that the app is installed on. */
    repositories: z.array(RepositoryPattern).min(1).optional(),
    autonomy: Autonomy.default('draft-pr'),
    /** For an issue that was labelled: evidence with which a draft is opened before anybody approved of it. */
    unattended: z.array(Strength).default(['verified', 'implicit', 'choice']),
    /** What one repository may take when it is fetched. */
    clone: z.strictObject({ megabytes: z.number().positive().default(2000), minutes: z.number().positive().default(10) }).prefault({}),
    /** Commits are made by GitHub itself where that is possible, which signs them. */
    verifiedCommits: z.boolean().default(true),
    /** Minutes between two looks for deliveries that got lost. */
    recoverMinutes: z.number().positive().default(5),
  })
  .superRefine((settings, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (settings.app === undefined && settings.token === undefined) complain([], 'say app, or token: fixpoint github-app create makes an app')
    if (settings.app !== undefined && settings.token !== undefined) complain(['token'], 'there is an app already; leave one of them away')
    if (settings.app !== undefined && settings.webhookSecret !== undefined) complain(['webhookSecret'], 'an app has its own: app.webhookSecret')
  })
export type GitHubSettings = z.infer<typeof GitHubSettings>

/** What opens GitHub, in clear, as `@fixpoint/code-hosts` takes it: for the process that needs it, never for a log. */
export type GitHubCredentials =
  | { readonly kind: 'app'; readonly id: string; readonly privateKey: string; readonly webhookSecret: string }
  | { readonly kind: 'personal-token'; readonly token: string; readonly webhookSecret: string | undefined }

/** Throws `Failure('settings-invalid')` with the key of the settings that nothing could be done with. */
export async function readGitHubCredentials({ app, token, webhookSecret }: GitHubSettings, env: Env): Promise<GitHubCredentials> {
  if (app !== undefined) {
    const [privateKey, secret] = await Promise.all([
      revealSecret('github.app.privateKey', app.privateKey, env),
      revealSecret('github.app.webhookSecret', app.webhookSecret, env),
    ])
    return { kind: 'app', id: String(app.id), privateKey: keyOf(privateKey), webhookSecret: secret }
  }
  if (token === undefined) throw invalid('github has neither app nor token', 'Make an app with: fixpoint github-app create')
  return {
    kind: 'personal-token',
    token: await revealSecret('github.token', token, env),
    webhookSecret: webhookSecret && (await revealSecret('github.webhookSecret', webhookSecret, env)),
  }
}

/** Whether a repository is among those that the operator allows. Names on GitHub do not differ by case alone. */
export function allowsRepository({ repositories }: Pick<GitHubSettings, 'repositories'>, name: string): boolean {
  return repositories === undefined || repositories.some((pattern) => globOf(pattern).test(name))
}

function globOf(pattern: string): RegExp {
  const literal = (text: string) => text.replace(/[.]/g, '\\$&')
  return new RegExp(`^${pattern.split('*').map(literal).join('[^/]*')}$`, 'i')
}

/** Environments that hold one line only are given keys with `\n` written out. */
function keyOf(text: string): string {
  const pem = text.includes('\n') ? text : text.replaceAll('\\n', '\n')
  try {
    createPrivateKey(pem)
    return pem
  } catch {
    throw invalid(
      'github.app.privateKey is no private key in PEM',
      'Give it the whole .pem file that GitHub hands out under “Private keys” of the app’s settings.',
    )
  }
}

function invalid(message: string, hint: string): Failure {
  return new Failure('settings-invalid', message, hint)
}

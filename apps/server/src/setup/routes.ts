import { Failure } from '@fixpoint/core'
import { z } from 'zod'
import { type App, callerOf, problems } from '../api/app.ts'
import type { ServerHands } from '../hands.ts'
import { sendPage } from '../page.ts'
import { Refusal } from '../problem.ts'
import { type GithubSetup, PendingStates } from './github-setup.ts'
import { confirmationPage, donePage, hindrancePage, registrationPage } from './setup-pages.ts'

const Word = z.string().regex(/^[\w-]{1,200}$/)
const Wanted = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 -]{0,33}$/)
    .default('Fixpoint'),
  organization: z.union([z.literal(''), z.string().regex(/^[A-Za-z0-9][\w-]{0,38}$/)]).default(''),
})
const Answer = z.object({ code: Word, state: Word })

/** A GitHub app by GitHub's manifest flow: our form, GitHub's page, back with a code. All of it works without JavaScript. */
export function setupRoutes(app: App, hands: ServerHands): void {
  const { githubSetup, clock, log, settingsSchema } = hands
  const states = new PendingStates(() => clock.monotonic())
  const schema = { hide: true }

  if (settingsSchema !== undefined)
    app.get('/schema/fixpoint.schema.json', { config: { scope: 'open' }, schema }, async (_, reply) =>
      reply.type('application/schema+json').send(settingsSchema),
    )
  if (githubSetup === undefined) return

  app.get('/setup/github', { config: { scope: 'admin' }, schema: { ...schema, querystring: Wanted, response: problems } }, async (request, reply) => {
    const known = githubSetup.app()
    if (known !== undefined) return sendPage(reply, donePage(known))
    if (githubSetup.hindrance !== undefined) return sendPage(reply, hindrancePage(githubSetup.hindrance))
    const { name } = request.query
    const organization = request.query.organization || undefined
    const registration = githubSetup.registration({ state: states.give(callerOf(request).id), name, organization })
    return sendPage(reply, registrationPage({ name, organization, registration }, githubSetup.permissions), new URL(registration.action).origin)
  })

  app.get('/setup/github/callback', { config: { scope: 'open' }, schema: { ...schema, querystring: Answer, response: problems } }, async (request, reply) =>
    sendPage(reply, confirmationPage(request.query.code, request.query.state)),
  )

  app.register(async (forms: App) => {
    forms.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 4096 }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    forms.post('/setup/github/finish', { config: { scope: 'admin' }, schema: { ...schema, body: Answer, response: problems } }, async (request, reply) => {
      const caller = callerOf(request)
      if (!states.take(request.body.state, caller.id)) throw expired()
      if (githubSetup.app() !== undefined)
        throw new Refusal(409, 'There is an app already', { hint: 'Remove it from the settings before you make another one.' })
      const made = await created(githubSetup, request.body.code)
      log.info({ app: made.slug, by: caller.name }, 'a GitHub app was made')
      return sendPage(reply, donePage({ ...made, inUse: false }))
    })
  })
}

async function created(setup: GithubSetup, code: string) {
  return setup.create(code).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'settings-invalid') throw new Refusal(409, error.message, { hint: error.hint })
    throw new Refusal(502, 'GitHub did not hand over the keys of the app', {
      hint: 'The code may have been used, or be older than an hour. Delete the app on GitHub and begin again at /setup/github.',
    })
  })
}

const expired = () =>
  new Refusal(403, 'This registration was not begun in this session, or more than ten minutes ago', { hint: 'Begin again at /setup/github.' })

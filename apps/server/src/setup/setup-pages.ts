import { page, shown } from '../page.ts'
import type { GithubSetup } from './github-setup.ts'

export interface Offered {
  readonly name: string
  readonly organization: string | undefined
  readonly registration: ReturnType<GithubSetup['registration']>
}

export function registrationPage({ name, organization, registration }: Offered, permissions: GithubSetup['permissions']): string {
  const host = new URL(registration.action).host
  const rows = permissions.map((one) => `<tr><td>${shown(one.name)}</td><td>${shown(one.access)}</td><td>${shown(one.why)}</td></tr>`).join('\n')
  return page(
    'Connect GitHub',
    `<p>GitHub makes an app for this service alone. You confirm it there, come back here, and choose the repositories that it may work on.</p>
<h2>1. Whose app</h2>
<form method="get" action="/setup/github">
<label>Name of the app <input name="name" maxlength="34" required value="${shown(name)}"></label>
<label>Organisation (empty: your own account) <input name="organization" maxlength="40" value="${shown(organization ?? '')}"></label>
<button>Use these</button>
</form>
<h2>2. What it may</h2>
<table><thead><tr><th>permission</th><th>access</th><th>why</th></tr></thead><tbody>
${rows}
</tbody></table>
<p>It never asks for <code>workflows</code>: a patch to <code>.github/workflows</code> is refused before it is pushed.</p>
<h2>3. Register it</h2>
<form method="post" action="${shown(registration.action)}">
<input type="hidden" name="manifest" value="${shown(JSON.stringify(registration.manifest))}">
<button>Register <b>${shown(name)}</b> on ${shown(host)}</button>
</form>
<p>Apps that an enterprise owns cannot be made this way: register one by hand and write its id, key file and webhook secret into the settings.</p>`,
  )
}

/** GitHub's redirect comes from another site, and browsers keep the session's cookie from it: one more press brings it along. */
export function confirmationPage(code: string, state: string): string {
  return page(
    'GitHub made the app',
    `<form method="post" action="/setup/github/finish">
<input type="hidden" name="code" value="${shown(code)}"><input type="hidden" name="state" value="${shown(state)}">
<p>Its keys are still at GitHub, for an hour.</p><button>Fetch them and finish</button>
</form>`,
  )
}

export function donePage({ slug, url, inUse }: NonNullable<ReturnType<GithubSetup['app']>>): string {
  const start = inUse ? '' : '\n<p><b>Start the service again</b>, all of its processes: they use the app from then on.</p>'
  return page(
    inUse ? 'GitHub is connected' : 'The app is made',
    `<p>The app is <b>${shown(slug)}</b>. Its keys are kept by this service, and shown to nobody.</p>${start}
<p>Next: <a href="${shown(url)}/installations/new">choose the repositories that it may work on</a>. Then label an issue <code>fixpoint</code>.</p>`,
  )
}

export function hindrancePage(why: string): string {
  return page('GitHub cannot be connected yet', `<p>${shown(why)}</p>`)
}

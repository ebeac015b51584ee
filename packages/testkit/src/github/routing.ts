import { appRoutes } from './routes/apps.ts'
import { checkRoutes } from './routes/checks.ts'
import { contentRoutes } from './routes/contents.ts'
import { gitDataRoutes } from './routes/git-data.ts'
import { issueRoutes } from './routes/issues.ts'
import { manifestRoutes } from './routes/manifest.ts'
import { pullRoutes } from './routes/pulls.ts'
import { reactionRoutes } from './routes/reactions.ts'
import { repositoryRoutes } from './routes/repositories.ts'
import type { Route } from './routes/route.ts'
import { membershipRoutes } from './routes/sign-in.ts'

const ROUTES: readonly Route[] = [
  ...appRoutes,
  ...manifestRoutes,
  ...membershipRoutes,
  ...repositoryRoutes,
  ...issueRoutes,
  ...reactionRoutes,
  ...pullRoutes,
  ...checkRoutes,
  ...gitDataRoutes,
  ...contentRoutes,
]

/** What may hold slashes, whether the client encodes them or not. */
const LONG = new Set(['path', 'ref', 'basehead', 'branch'])

interface Pattern {
  readonly route: Route
  readonly expression: RegExp
  readonly names: readonly string[]
}

export interface Match {
  readonly route: Route
  readonly parameters: Readonly<Record<string, string>>
}

/** Finds the route of a request. Literal parts are tried before parameters: `issues/comments/{id}` before `issues/{number}/…`. */
export class Routing {
  readonly #patterns: readonly Pattern[] = ROUTES.map(patternOf).sort((one, other) => specificity(other) - specificity(one))

  find(method: string, path: string): Match | undefined {
    for (const { route, expression, names } of this.#patterns) {
      if (route.method !== method) continue
      const values = expression.exec(path)
      if (values === null) continue
      return { route, parameters: Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index + 1] ?? '')])) }
    }
    return undefined
  }
}

function patternOf(route: Route): Pattern {
  const names: string[] = []
  const source = route.template.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name)
    return LONG.has(name) ? '(.*?)' : '([^/]+)'
  })
  return { route, expression: new RegExp(`^${source}$`), names }
}

function specificity({ route }: Pattern): number {
  return route.template.split('/').filter((part) => part !== '' && !part.startsWith('{')).length
}

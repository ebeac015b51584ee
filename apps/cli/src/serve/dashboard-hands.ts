import { listedModels } from '@fixpoint/models'
import type { LaneLine, ModelDesk, RepositoryLine } from '@fixpoint/server'
import { doctorFindings } from '../commands/doctor.ts'
import { asData, tryNamed } from '../commands/models.ts'
import type { Env } from '../env.ts'
import { chooseModels } from '../model-settings.ts'
import { lanesSetUp } from '../run-models.ts'
import { codeDesk } from './code-desk.ts'
import type { Hosting } from './hosting.ts'
import type { Stores } from './open-stores.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { questionDesk } from './question-desk.ts'
import type { ReadableCode } from './readable-code.ts'
import type { ServiceGround, ServiceOptions } from './service-ground.ts'

/** Hosted repositories whose settings are asked for at once. */
const MOST_HOSTED = 50

/** What people are shown of this installation beside its runs. */
export function dashboardHands(
  { env, settings, log }: Pick<ServiceOptions, 'env' | 'settings' | 'log'>,
  { stores, hosting, runs, ledger, ids }: Pick<ServiceGround, 'stores' | 'hosting' | 'runs' | 'ledger' | 'ids'>,
  code: ReadableCode,
) {
  const warn = (message: string) => log.warn({}, message)
  return {
    repositories: async () => [...folders(settings), ...(hosting === undefined ? [] : await hosted(hosting, stores))],
    models: modelDesk(settings, env, warn),
    questions: questionDesk({ env, settings, stores, ledger, runs, ids, code, warn }),
    code: codeDesk({ code, premises: async (name) => ((await isShown(name, settings, stores)) ? runs.named(name) : undefined) }),
    doctor: async () => (await doctorFindings(env, 'lately')).map(({ exit: _, ...finding }) => finding),
  }
}

function folders({ repositories, autonomy }: OperatorSettings): RepositoryLine[] {
  return Object.entries(repositories).map(([name, each]) => ({ name, kind: 'folder', autonomy: each.autonomy ?? autonomy, settings: { ...each } }))
}

async function isShown(name: string, { repositories }: OperatorSettings, { reports }: Stores): Promise<boolean> {
  return repositories[name] !== undefined || (await reports.repositories(MOST_HOSTED)).includes(name)
}

/** Those that reports came from: an app may be installed on thousands. */
async function hosted(hosting: Hosting, { reports }: Stores): Promise<RepositoryLine[]> {
  const names = (await reports.repositories(MOST_HOSTED)).filter((name) => hosting.allows(name))
  return Promise.all(
    names.map(async (name): Promise<RepositoryLine> => {
      const line = { name, kind: 'hosted' as const, url: hosting.pageOf(name) }
      try {
        const { settings, problem } = await hosting.rules.of(name)
        return { ...line, settings: { ...settings }, autonomy: settings.autonomy, problem }
      } catch (error) {
        return { ...line, problem: error instanceof Error ? error.message : 'it cannot be read' }
      }
    }),
  )
}

function modelDesk(settings: OperatorSettings, env: Env, warn: (message: string) => void): ModelDesk {
  const chosen = chooseModels(settings.models, env)
  const { lanes } = lanesSetUp(chosen.settings)
  const listed = listedModels(chosen.settings, (variable) => env.named?.(variable))
  return {
    lanes: () => ({
      lanes: lanes.map((lane) =>
        lineOf(
          lane,
          listed.find((each) => each.lane.name === lane.name),
        ),
      ),
      hint: chosen.hint,
    }),
    async try(name, signal) {
      const lane = lanes.find((each) => each.name === name) ?? listed.find((each) => each.lane.name === name)?.lane
      return lane?.model === undefined ? undefined : asData(await tryNamed(lane.model, chosen.settings, env, signal, warn))
    },
  }
}

function lineOf(
  { name, model, share, attempts }: ReturnType<typeof lanesSetUp>['lanes'][number],
  listed: ReturnType<typeof listedModels>[number] | undefined,
): LaneLine {
  const prices = listed?.card.prices
  return {
    ...{ name, model, share, attempts, reads: listed?.isCritic ?? false, contextTokens: listed?.card.contextTokens },
    price: prices === undefined ? undefined : { input: prices.input, output: prices.output },
    key: listed?.keyFrom === undefined ? undefined : { from: listed.keyFrom, set: listed.keySet },
  }
}

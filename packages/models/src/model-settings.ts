import { ModelCard } from '@fixpoint/core'
import { z } from 'zod'

const Name = z.string().regex(/^[A-Za-z0-9][\w.-]{0,49}$/, 'a name is letters, digits, dots and dashes')
const ModelName = z.string().regex(/^[A-Za-z0-9][\w.-]*\/\S+$/, 'a model is named provider/model')
const Variable = z.string().regex(/^[A-Za-z_]\w*$/, 'the name of a variable of the environment, not the key itself')

/** A machine in the house is as good a host as one with a domain. */
const Address = z.url({ protocol: /^https?$/, error: 'an address like http://localhost:11434/v1' })

const every = {
  /** The variable of the environment that holds the key. */
  keyFrom: Variable.optional(),
  /** Calls at the same time. */
  concurrency: z.number().int().positive().optional(),
  requestsPerMinute: z.number().int().positive().optional(),
  tokensPerMinute: z.number().int().positive().optional(),
  /** How its models are given tools: as the protocol has it, as text, or by a small trial call. */
  tools: z.enum(['native', 'text', 'probe']).optional(),
}

export const Provider = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('anthropic'), baseUrl: Address.optional(), ...every }),
  /** All that speaks OpenAI’s chat completions. `baseUrl` with its version: `http://localhost:11434/v1`. */
  z.strictObject({ kind: z.literal('openai'), baseUrl: Address.optional(), ...every }),
  /** Claude on Amazon Bedrock. `keyFrom` names the variable of a bearer token; without, AWS credentials sign. */
  z.strictObject({ kind: z.literal('bedrock'), region: z.string().min(1), baseUrl: Address.optional(), ...every }),
  /** Claude on Google’s Vertex AI. `keyFrom` names the variable of an access token; without, Google’s default credentials are used. */
  z.strictObject({ kind: z.literal('vertex'), project: z.string().min(1), region: z.string().min(1).default('global'), baseUrl: Address.optional(), ...every }),
])
export type Provider = z.infer<typeof Provider>

const LaneSetting = z.union([
  ModelName,
  z.strictObject({ model: ModelName, attempts: z.number().int().nonnegative().optional(), share: z.number().min(0).max(1).optional() }),
])

/** Those whose kind everybody knows need not be told. */
const WELL_KNOWN: Readonly<Record<string, Provider>> = { anthropic: { kind: 'anthropic' }, openai: { kind: 'openai' } }

/** Which models may be asked, where they are, and in which order they draft. */
export const ModelSettings = z
  .strictObject({
    /** By a name of your choice; `anthropic` and `openai` need not be listed. */
    providers: z.record(Name, Provider).default({}),
    /** After the patterns these models draft, in this order: `cheap`, `strong`, or names of your choice. */
    lanes: z.record(Name, LaneSetting).default({}),
    /** The lane whose model reads a patch once more before it is proposed. */
    critic: z.string().optional(),
    /** What is known better than by Fixpoint: context, prices. By `provider/model`. */
    cards: z.record(ModelName, ModelCard.omit({ name: true }).partial().strict()).default({}),
    /** The only hosts (`localhost:11434`) that are ever asked. Without: those of the providers. */
    allow: z.array(z.string().min(1)).optional(),
  })
  .superRefine((settings, context) => {
    const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const [lane, told] of Object.entries(settings.lanes)) {
      const model = typeof told === 'string' ? told : told.model
      if (lane === 'patterns') complain(['lanes', lane], 'the lane of this name is the one without a model')
      if (providerOf(settings.providers, model) === undefined)
        complain(
          ['lanes', lane],
          `no provider is called ${model.split('/')[0]}; there are ${[...new Set([...Object.keys(settings.providers), ...Object.keys(WELL_KNOWN)])].join(', ')}`,
        )
    }
    if (settings.critic !== undefined && settings.lanes[settings.critic] === undefined)
      complain(['critic'], `no lane is called ${settings.critic}; there are ${Object.keys(settings.lanes).join(', ') || 'none'}`)
  })
export type ModelSettings = z.infer<typeof ModelSettings>

/** Of `provider/model`. */
export function providerOf(providers: ModelSettings['providers'], model: string): Provider | undefined {
  const name = model.slice(0, model.indexOf('/'))
  const own = Object.hasOwn(providers, name) ? providers[name] : undefined
  return own ?? (Object.hasOwn(WELL_KNOWN, name) ? WELL_KNOWN[name] : undefined)
}

/** Whose words a provider speaks. */
export function protocolOf({ kind }: Provider): 'anthropic' | 'openai' {
  return kind === 'openai' ? 'openai' : 'anthropic'
}

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>
}
interface Operation {
  readonly requestBody?: Media & { readonly $ref?: string; readonly required?: boolean }
  readonly responses: Readonly<Record<string, Media & { readonly $ref?: string }>>
}
interface Specification {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly 'x-webhooks': Readonly<Record<string, { readonly post: Operation }>>
  readonly components: { readonly responses: Readonly<Record<string, Media>>; readonly schemas: Readonly<Record<string, object>> }
}

const JSON_MEDIA = ['application/json', 'application/scim+json', 'application/json+sarif']
const COMPONENT = '#/components/schemas/'

/**
 * GitHub's own OpenAPI description, asked whether something may go over the wire. Reading it takes a quarter of a second and each
 * schema some milliseconds more, so schemas are compiled when first asked for and the description is shared by all doubles of a process.
 */
export class Description {
  static #shared: Description | undefined
  readonly #specification: Specification
  readonly #ajv: Ajv
  readonly #known = new Set<string>()
  readonly #compiled = new Map<string, ValidateFunction>()

  private constructor() {
    const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json')
    this.#specification = JSON.parse(readFileSync(file, 'utf8')) as Specification
    // Each schema is used a few times in a process: code that is compiled fast is worth more than code that runs fast.
    this.#ajv = new Ajv({ strict: false, logger: false, validateSchema: false, addUsedSchema: false, inlineRefs: false, code: { optimize: false } })
    formats.default(this.#ajv)
    for (const name of ['repo.nwo', 'ssh-key', 'timestamp', 'uri-template', 'binary', 'int64', 'int32', 'double']) this.#ajv.addFormat(name, true)
    // `1+fixpoint[bot]@users.noreply.github.com` is what GitHub writes, and no address by the book.
    this.#ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/)
  }

  /** Read-only once made. */
  static shared(): Description {
    Description.#shared ??= new Description()
    return Description.#shared
  }

  /** What is wrong with an answer. Refusals are checked where the description tells their shape. */
  objectionToResponse(method: string, template: string, status: number, body: unknown): string | undefined {
    const at = `${method} ${template} ${status}`
    const operation = this.#specification.paths[template]?.[method.toLowerCase()]
    if (operation === undefined) return `${at}: GitHub has no such operation`
    const response = operation.responses[String(status)]
    if (response === undefined) return status < 400 && status !== 304 ? `${at}: GitHub does not answer that` : undefined
    const { content } = response.$ref === undefined ? response : (this.#specification.components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {})
    const schema = JSON_MEDIA.map((type) => content?.[type]?.schema).find((each) => each !== undefined)
    if (schema === undefined) return body === undefined || content !== undefined || status >= 300 ? undefined : `${at}: GitHub answers without a body`
    return this.#objection(at, schema, body)
  }

  /** What is wrong with a request: GitHub answers 422 to it. */
  objectionToRequest(method: string, template: string, body: unknown): string | undefined {
    const { requestBody } = this.#specification.paths[template]?.[method.toLowerCase()] ?? {}
    const schema = requestBody?.content?.['application/json']?.schema
    if (schema === undefined) return undefined
    if (body === undefined) return requestBody?.required === true ? 'A body is required.' : undefined
    return this.#objection(`${method} ${template}`, schema, body)
  }

  objectionToWebhook(event: string, action: string | undefined, payload: unknown): string | undefined {
    const name = [event, action]
      .filter((part) => part !== undefined)
      .join('-')
      .replaceAll('_', '-')
    const schema = this.#specification['x-webhooks'][name]?.post.requestBody?.content?.['application/json']?.schema
    return schema === undefined ? `webhook ${name}: GitHub sends no such event` : this.#objection(`webhook ${name}`, schema, payload)
  }

  #objection(at: string, schema: object, value: unknown): string | undefined {
    const validate = this.#compiled.get(at) ?? this.#ajv.compile(this.#fitted(schema))
    this.#compiled.set(at, validate)
    if (validate(value) === true) return undefined
    return `${at}: ${(validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`).join('; ')}`
  }

  /** The schema in ajv's words, with every component that it names made known. */
  #fitted(schema: object): object {
    const named = new Set<string>()
    const fitted = normalised(schema, named) as object
    for (const name of named) {
      if (this.#known.has(name)) continue
      this.#known.add(name)
      this.#ajv.addSchema(this.#fitted(this.#specification.components.schemas[name] ?? {}), name)
    }
    return fitted
  }
}

/** OpenAPI 3.0's `nullable` in JSON Schema's words, without which ajv refuses to compile; a component goes by its bare name. */
function normalised(node: unknown, named: Set<string>): unknown {
  if (Array.isArray(node)) return node.map((each) => normalised(each, named))
  if (typeof node !== 'object' || node === null) return node
  const { nullable, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'enum' ? value : normalised(value, named)]))
  if (typeof rest.$ref === 'string' && rest.$ref.startsWith(COMPONENT)) {
    rest.$ref = rest.$ref.slice(COMPONENT.length)
    named.add(rest.$ref)
  }
  // A slip of the list of installations: nobody is a user and an enterprise. Where one installation is told it says `anyOf`.
  if (Array.isArray(rest.allOf) && rest.allOf.some((each) => each?.title === 'Enterprise')) {
    rest.anyOf = rest.allOf
    delete rest.allOf
  }
  // A property may be called `nullable`; the keyword is a boolean.
  if (nullable !== true) return nullable === undefined || nullable === false ? rest : { ...rest, nullable }
  if (Array.isArray(rest.enum)) return { ...rest, type: [rest.type ?? 'string', 'null'], enum: [...rest.enum, null] }
  return typeof rest.type === 'string' ? { ...rest, type: [rest.type, 'null'] } : { anyOf: [rest, { type: 'null' }] }
}

import type { SourceSnapshot } from '@fixpoint/core'
import { parseDocument } from 'yaml'
import { z } from 'zod'

/** Something that the tests of a repository may want to talk to, and where that is said. */
export interface FoundService {
  readonly name: string
  readonly because: readonly string[]
}

interface KnownService {
  readonly name: string
  /** Of a container, without registry and tag. */
  readonly image: RegExp
  /** Packages that talk to it. */
  readonly packages: ReadonlySet<string>
}

const KNOWN: readonly KnownService[] = [
  {
    name: 'postgres',
    image: /^(?:postgres|postgis|timescaledb|pgvector)/,
    packages: new Set(['pg', 'postgres', 'pg-promise', 'psycopg', 'psycopg2', 'psycopg2-binary', 'asyncpg']),
  },
  { name: 'mysql', image: /^(?:mysql|mariadb|percona)/, packages: new Set(['mysql', 'mysql2', 'mariadb', 'mysqlclient', 'pymysql', 'aiomysql']) },
  { name: 'redis', image: /^(?:redis|valkey)/, packages: new Set(['redis', 'ioredis', 'aioredis']) },
  { name: 'mongodb', image: /^mongo/, packages: new Set(['mongodb', 'mongoose', 'pymongo', 'motor']) },
  { name: 'rabbitmq', image: /^rabbitmq/, packages: new Set(['amqplib', 'pika', 'aio-pika']) },
  { name: 'elasticsearch', image: /^(?:elasticsearch|opensearch)/, packages: new Set(['@elastic/elasticsearch', 'elasticsearch', 'opensearch-py']) },
]

const COMPOSE = /^(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml$/
const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/
const REQUIREMENTS = /^(?:requirements[\w-]*\.txt|requirements\/[\w-]+\.txt|pyproject\.toml)$/
const MOST_FILES = 50
const MOST_BYTES = 256 * 1024

const Services = z.record(z.string(), z.unknown())
const ComposeFile = z.object({ services: Services })
const WorkflowFile = z.object({ jobs: z.record(z.string(), z.object({ services: Services.optional() })) })
const Manifest = z.object({ dependencies: z.record(z.string(), z.unknown()).optional(), devDependencies: z.record(z.string(), z.unknown()).optional() })

/** What the tests of a repository may need, as its compose files, its CI and its dependencies say. */
export function servicesIn(source: SourceSnapshot): readonly FoundService[] {
  const said = source
    .list()
    .filter(({ path, size }) => size < MOST_BYTES && (path === 'package.json' || [COMPOSE, WORKFLOW, REQUIREMENTS].some((pattern) => pattern.test(path))))
    .slice(0, MOST_FILES)
    .flatMap(({ path }) => saidIn(path, source.text(path) ?? ''))
  return KNOWN.flatMap((known) => {
    const because = said.filter(
      ({ image, dependency }) => (image !== undefined && known.image.test(nameOf(image))) || (dependency !== undefined && known.packages.has(dependency)),
    )
    return because.length === 0 ? [] : [{ name: known.name, because: because.map(({ path, image, dependency }) => `${image ?? dependency} in ${path}`) }]
  })
}

interface Said {
  readonly path: string
  readonly image?: string
  readonly dependency?: string
}

function saidIn(path: string, text: string): readonly Said[] {
  if (path === 'package.json') {
    const { data } = Manifest.safeParse(yamlOf(text))
    return Object.keys({ ...data?.dependencies, ...data?.devDependencies }).map((dependency) => ({ path, dependency }))
  }
  if (REQUIREMENTS.test(path))
    return [...text.matchAll(/(?:^|["'])\s*([A-Za-z][\w.-]*)(?=\s*(?:[[<>=!~;"']|$))/gm)].map(([, name = '']) => ({ path, dependency: name.toLowerCase() }))
  const tree = yamlOf(text)
  const services = WORKFLOW.test(path)
    ? Object.values(WorkflowFile.safeParse(tree).data?.jobs ?? {}).map((job) => job.services)
    : [ComposeFile.safeParse(tree).data?.services]
  return services.flatMap((each) => Object.values(each ?? {}).flatMap((service) => imageOf(service))).map((image) => ({ path, image }))
}

function imageOf(service: unknown): readonly string[] {
  const { data } = z.object({ image: z.string() }).safeParse(service)
  return data === undefined ? [] : [data.image]
}

/** `registry.example:5000/library/postgres:16-alpine` is `postgres`. */
function nameOf(image: string): string {
  return (image.split('/').at(-1) ?? image).split(/[:@]/)[0] ?? image
}

/** Also of JSON. What is no YAML, or wants to be much when it is unfolded, says nothing. */
function yamlOf(text: string): unknown {
  try {
    return parseDocument(text).toJS({ maxAliasCount: 20 })
  } catch {
    return undefined
  }
}

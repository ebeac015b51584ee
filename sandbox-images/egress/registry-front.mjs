// The only way out of the download phase: an HTTP front of package registries on a unix socket. Not a proxy: the path names
// one of the operator's registries, and nothing else can be reached. Runs in its own container; settings (with the token of
// a private registry) arrive on standard input, so that they stand in no file, environment or argument list. Standard
// output has one JSON object a line: {"ready":true}, then {"method","path","status","bytes","reason"} of each request.
import { lookup } from 'node:dns/promises'
import { chmodSync, rmSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP } from 'node:net'
import { createSecureContext, rootCertificates } from 'node:tls'
import { gunzipSync } from 'node:zlib'

const MAX_PATH = 1024
const MAX_REDIRECTS = 3
const TEXT_LIMIT = 96 * 2 ** 20
const UPSTREAM_SILENCE_MS = 60_000

// Whatever is not the public internet: this machine, its neighbours, and the clouds' metadata services. One list per family:
// a list of both takes every IPv4 address for an IPv6 one of `::/3`.
const CLOSED = {
  4: blockList('ipv4', [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '224.0.0.0/3',
  ]),
  // Everything but global unicast (2000::/3), and the parts of that which carry an IPv4 address or none at all.
  6: blockList('ipv6', ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16']),
}

// No registry lives there, whatever the owner allowed.
const METADATA = { 4: blockList('ipv4', ['169.254.0.0/16']), 6: blockList('ipv6', ['fe80::/10', 'fd00:ec2::/32', '::ffff:169.254.0.0/112']) }

function blockList(family, ranges) {
  const list = new BlockList()
  for (const range of ranges) {
    const [address, prefix] = range.split('/')
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

class Refused extends Error {
  constructor(status, reason) {
    super(reason)
    this.status = status
  }
}

/** The registry and the rest of the path, or a refusal. Judged as it was written: nothing is decoded and judged after. */
function route(settings, target) {
  if (target.length > MAX_PATH) throw new Refused(414, 'path too long')
  if (!target.startsWith('/') || target.startsWith('//')) throw new Refused(400, 'not a path')
  if (!/^[A-Za-z0-9@._~!$'()*+,;=:&%/-]*$/.test(target)) throw new Refused(400, 'a character that no package path has')
  // npm writes a scope as `@scope%2fname`; no other escape of a separator or dot is anybody's name.
  const escapes = target.match(/%.{0,2}/g) ?? []
  if (escapes.some((each) => !/^%(?:2f|40|2b|21)$/i.test(each))) throw new Refused(400, 'an escape that no package path has')
  if (escapes.length > 4) throw new Refused(400, 'too many escapes')
  const [name, ...rest] = target.slice(1).split('/')
  const registry = settings.registries.find((candidate) => candidate.name === name)
  if (registry === undefined) throw new Refused(404, 'no such registry')
  const segments = rest.flatMap((segment) => segment.split(/%2f/i))
  const inside = segments.at(-1) === '' ? segments.slice(0, -1) : segments
  if (inside.length === 0 || inside.some((segment) => segment === '' || /^\.+$/.test(segment))) throw new Refused(400, 'not a plain path')
  // npm's own endpoints: audits, search, sign-in, publishing. An installer needs none of them.
  if (registry.kind === 'npm' && inside[0] === '-') throw new Refused(403, 'not a package')
  const mirror = /^~(\d)$/.exec(rest[0])
  const base = mirror === null ? registry.url : registry.files[Number(mirror[1])]
  if (base === undefined) throw new Refused(404, 'no such file host')
  return { registry, url: new URL(base + (mirror === null ? rest : rest.slice(1)).join('/')) }
}

/** The address of the front for an address of the upstream, if it is one of the registry's own. */
function frontOf(settings, registry, url) {
  const bases = [registry.url, ...registry.files]
  const text = url.href.replace(/#.*$/s, '')
  if (url.username !== '' || url.password !== '' || url.search !== '') return undefined
  const at = bases.findIndex((base) => text.startsWith(base))
  if (at < 0) return undefined
  return `${settings.publicUrl}/${registry.name}/${at === 0 ? '' : `~${at - 1}/`}${text.slice(bases[at].length)}${url.hash}`
}

/** Looks the name up once and connects to exactly what was judged: a name that answers differently the second time gains nothing. */
async function addressOf(registry, hostname) {
  const host = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  const found = family > 0 ? { address: host, family } : await lookup(host)
  const closed = (lists) => lists[found.family].check(found.address, `ipv${found.family}`)
  if (closed(METADATA) || (!registry.allowPrivate && closed(CLOSED))) throw new Refused(403, 'the registry resolves to a closed address')
  return found
}

function agentsOf(settings) {
  const pool = { keepAlive: true, maxSockets: 16 }
  const ca = settings.certificateAuthorities
  const secureContext = ca === undefined ? undefined : createSecureContext({ ca: [...rootCertificates, ca] })
  return { 'http:': new http.Agent(pool), 'https:': new https.Agent({ ...pool, ...(secureContext && { secureContext }) }) }
}

async function ask(settings, registry, url, method, accept, redirects = 0) {
  const pinned = await addressOf(registry, url.hostname)
  const own = url.href.startsWith(registry.url)
  const client = url.protocol === 'https:' ? https : http
  const headers = {
    accept,
    'accept-encoding': 'gzip',
    'user-agent': 'fixpoint',
    // A token is for its registry alone: never for the hosts that files lie on.
    ...(own && registry.authorization ? { authorization: registry.authorization } : {}),
  }
  const answer = await new Promise((resolve, reject) => {
    const request = client.request(url, {
      method,
      headers,
      agent: settings.agents[url.protocol],
      lookup: (_name, options, done) => (options.all ? done(null, [pinned]) : done(null, pinned.address, pinned.family)),
    })
    request.setTimeout(UPSTREAM_SILENCE_MS, () => request.destroy(new Error('the registry does not answer')))
    request.on('response', resolve).on('error', reject).end()
  })
  if (![301, 302, 303, 307, 308].includes(answer.statusCode)) return { answer, url }
  answer.resume()
  let next
  try {
    next = new URL(answer.headers.location ?? '', url)
  } catch {
    throw new Refused(502, 'a redirect to nowhere')
  }
  // Judged like an address of ours would be: `..` and escapes in a redirect are no way round the rules.
  const front = frontOf(settings, registry, next)
  if (front === undefined || redirects >= MAX_REDIRECTS) throw new Refused(502, `a redirect to a foreign address (${next.origin})`)
  return ask(settings, registry, route(settings, front.slice(settings.publicUrl.length).replace(/#.*$/s, '')).url, method, accept, redirects + 1)
}

async function wholeText(budget, answer) {
  const chunks = []
  let bytes = 0
  for await (const chunk of answer) {
    bytes += chunk.length
    budget.spend(chunk.length)
    if (bytes > TEXT_LIMIT) throw new Refused(502, 'too big')
    chunks.push(chunk)
  }
  const raw = Buffer.concat(chunks)
  const plain = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(raw, { maxOutputLength: TEXT_LIMIT }) : raw
  return { text: plain.toString('utf8'), bytes }
}

/** Tarball addresses of a packument become the front's. One that points elsewhere is left out: npm then says which version is missing. */
function rewritePackument(settings, registry, text) {
  const packument = JSON.parse(text)
  const versions = packument?.versions ?? {}
  for (const [version, manifest] of Object.entries(versions)) {
    const tarball = parsed(manifest?.dist?.tarball)
    const front = tarball && frontOf(settings, registry, tarball)
    if (front) manifest.dist.tarball = front
    else delete versions[version]
  }
  return JSON.stringify(packument)
}

/** Links of a simple index page, relative ones too, become the front's; foreign ones lose their address. */
function rewriteIndex(settings, registry, text, pageUrl) {
  return text.replace(/<base\b[^>]*>/gi, '').replace(/(<a\b[^>]*?\bhref\s*=\s*)(?:"([^"]*)"|'([^']*)')/gi, (_, head, double, single) => {
    const url = parsed((double ?? single).replaceAll('&amp;', '&'), pageUrl)
    return `${head}"${(url && frontOf(settings, registry, url)) ?? ''}"`
  })
}

function parsed(text, base) {
  try {
    return typeof text === 'string' ? new URL(text, base) : undefined
  } catch {
    return undefined
  }
}

class Budget {
  #left
  constructor(bytes) {
    this.#left = bytes
  }
  spend(bytes) {
    this.#left -= bytes
    if (this.#left < 0) throw new Refused(507, 'more bytes than one installation may take')
  }
}

const ACCEPT = {
  npm: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
  pip: 'application/vnd.pypi.simple.v1+html, text/html; q=0.9, */*; q=0.1',
}

async function serve(settings, budget, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refused(405, 'only GET and HEAD')
  if (request.headers['transfer-encoding'] !== undefined || (request.headers['content-length'] ?? '0') !== '0') throw new Refused(413, 'a request with a body')
  const { registry, url: wanted } = route(settings, request.url)
  const { answer, url } = await ask(settings, registry, wanted, request.method, ACCEPT[registry.kind])
  const type = answer.headers['content-type'] ?? 'application/octet-stream'
  const json = registry.kind === 'npm' && /\bjson\b/.test(type)
  const html = registry.kind === 'pip' && /\bhtml\b/.test(type)
  if (request.method === 'GET' && answer.statusCode === 200 && (json || html)) {
    const { text, bytes } = await wholeText(budget, answer)
    const body = json ? rewritePackument(settings, registry, text) : rewriteIndex(settings, registry, text, url)
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
    response.end(body)
    return bytes
  }
  const passed = ['content-type', 'content-length', 'content-encoding'].filter((name) => answer.headers[name] !== undefined)
  response.writeHead(answer.statusCode, Object.fromEntries(passed.map((name) => [name, answer.headers[name]])))
  let bytes = 0
  for await (const chunk of answer) {
    bytes += chunk.length
    budget.spend(chunk.length)
    if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
    if (response.destroyed) break
  }
  response.end()
  return bytes
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

function listen(settings) {
  const budget = new Budget(settings.maximumBytes)
  const server = http.createServer({ maxHeaderSize: 8192, requestTimeout: 30_000, requireHostHeader: false }, (request, response) => {
    const line = { method: request.method, path: String(request.url).slice(0, 300) }
    serve(settings, budget, request, response).then(
      (bytes) => say({ ...line, status: response.statusCode, bytes }),
      (error) => {
        const status = error instanceof Refused ? error.status : 502
        const reason = error instanceof Refused ? error.message : `${error.code ?? 'error'}: ${error.message}`
        say({ ...line, status, bytes: 0, reason })
        if (response.headersSent) return response.destroy()
        response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' })
        response.end(`refused by the registry front: ${reason}\n`)
      },
    )
  })
  const refuse = (request, socket) => {
    say({ method: request.method, path: String(request.url).slice(0, 300), status: 405, bytes: 0, reason: 'not a proxy' })
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  }
  server.on('connect', refuse).on('upgrade', refuse)
  server.on('clientError', (error, socket) => {
    say({ method: '?', path: '?', status: 400, bytes: 0, reason: error.code ?? 'not HTTP' })
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
  rmSync(settings.socket, { force: true })
  server.listen(settings.socket, () => {
    // Root's alone: in the download container only our own forwarder is root.
    chmodSync(settings.socket, 0o600)
    say({ ready: true })
  })
}

let input = ''
process.stdin.setEncoding('utf8').on('data', (text) => {
  input += text
})
process.stdin.on('end', () => {
  const settings = JSON.parse(input)
  listen({ ...settings, agents: agentsOf(settings) })
})

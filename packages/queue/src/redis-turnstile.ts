import type { RunId } from '@fixpoint/core'
import type { Redis } from 'ioredis'
import type { Claim, ParkedRun, Turnstile } from './turnstile.ts'

/** KEYS: the places' sorted sets · ARGV: holder, ttl, a limit per key · the first full key, or nil */
const ENTER = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  local held = redis.call('ZCARD', key)
  if redis.call('ZSCORE', key, ARGV[1]) then held = held - 1 end
  if held >= tonumber(ARGV[2 + i]) then return i end
end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + tonumber(ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', key, math.max(tonumber(ARGV[2]), redis.call('PTTL', key)))
end
return 0
`

/** KEYS: the places' sorted sets · ARGV: holder, ttl · how many of them were still held */
const STAY = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = 0
for _, key in ipairs(KEYS) do
  if redis.call('ZSCORE', key, ARGV[1]) then
    held = held + 1
    redis.call('ZADD', key, now + tonumber(ARGV[2]), ARGV[1])
    redis.call('PEXPIRE', key, math.max(tonumber(ARGV[2]), redis.call('PTTL', key)))
  end
end
return held
`

/** KEYS: the deaths of a run · ARGV: which one, how far the run had got, for how long to remember · how many, and how long ago */
const DIED = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HGET', KEYS[1], 'death')
if known ~= ARGV[1] then
  local further = not known or tonumber(redis.call('HGET', KEYS[1], 'reached')) < tonumber(ARGV[2])
  local deaths = further and 1 or tonumber(redis.call('HGET', KEYS[1], 'deaths')) + 1
  redis.call('HSET', KEYS[1], 'death', ARGV[1], 'reached', ARGV[2], 'deaths', deaths, 'at', now)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { tonumber(redis.call('HGET', KEYS[1], 'deaths')), now - tonumber(redis.call('HGET', KEYS[1], 'at')) }
`
const REMEMBERED_MS = 7 * 24 * 3_600_000

export class RedisTurnstile implements Turnstile {
  readonly #redis: Redis
  readonly #prefix: string

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis
    this.#prefix = prefix
  }

  async enter(claims: readonly Claim[], holder: string, ttlMs: number): Promise<string | undefined> {
    const keys = claims.map(({ key }) => this.#place(key))
    const full = await this.#redis.eval(ENTER, keys.length, ...keys, holder, Math.ceil(ttlMs), ...claims.map(({ limit }) => limit))
    return claims[Number(full) - 1]?.key
  }

  async stay(keys: readonly string[], holder: string, ttlMs: number): Promise<boolean> {
    const held = await this.#redis.eval(STAY, keys.length, ...keys.map((key) => this.#place(key)), holder, Math.ceil(ttlMs))
    return held === keys.length
  }

  async leave(keys: readonly string[], holder: string): Promise<void> {
    await Promise.all(keys.map((key) => this.#redis.zrem(this.#place(key), holder)))
  }

  async died(run: RunId, death: string, reached: number): Promise<{ readonly deaths: number; readonly agoMs: number }> {
    const [deaths, agoMs] = (await this.#redis.eval(DIED, 1, this.#deathsOf(run), death, reached, REMEMBERED_MS)) as [number, number]
    return { deaths, agoMs }
  }

  async lived(run: RunId): Promise<void> {
    await this.#redis.del(this.#deathsOf(run))
  }

  async park(evidence: ParkedRun): Promise<void> {
    await this.#redis.hset(`${this.#prefix}:parked`, evidence.run, JSON.stringify(evidence))
  }

  async isParked(run: RunId): Promise<boolean> {
    return (await this.#redis.hexists(`${this.#prefix}:parked`, run)) === 1
  }

  async parked(): Promise<readonly ParkedRun[]> {
    const all = await this.#redis.hvals(`${this.#prefix}:parked`)
    return all.map((text): ParkedRun => JSON.parse(text)).sort((a, b) => (a.run < b.run ? 1 : -1))
  }

  async release(run: RunId): Promise<boolean> {
    await this.lived(run)
    return (await this.#redis.hdel(`${this.#prefix}:parked`, run)) === 1
  }

  async once(key: string, ms: number): Promise<boolean> {
    return (await this.#redis.set(`${this.#prefix}:once:${key}`, '1', 'PX', Math.ceil(ms), 'NX')) === 'OK'
  }

  #deathsOf(run: RunId): string {
    return `${this.#prefix}:deaths:${run}`
  }

  #place(key: string): string {
    return `${this.#prefix}:place:${key}`
  }
}

import { z } from 'zod'

const Rate = z.object({ perSecond: z.number().positive(), burst: z.number().int().positive() })

/** What a door may set about the server. Every limit is there before anybody has proven who they are. */
export const ServerSettings = z.object({
  /** Host names, besides this machine's own, by which browsers and clients may call: `fixpoint.example.org` or `fixpoint.example.org:8443`. */
  hosts: z.array(z.string().min(1)).default([]),
  /** A proxy in front ends TLS: cookies become `Secure`, and nobody is on loopback any more. */
  behindTlsProxy: z.boolean().default(false),
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: z.array(z.string().min(1)).default([]),
  version: z.string().default('0.1.0'),
  hooks: z
    .object({
      maximumBytes: z.number().int().positive().default(1_048_576),
      /** Of a code host: GitHub sends up to 25 MB. */
      maximumHostBytes: z
        .number()
        .int()
        .positive()
        .default(25 * 1_048_576),
      /** Bytes of bodies held at one moment, over all requests. */
      maximumBytesHeld: z
        .number()
        .int()
        .positive()
        .default(64 * 1_048_576),
      depth: z.number().int().positive().default(64),
      values: z.number().int().positive().default(100_000),
      /** AWS SNS topics that may deliver; without them, every topic that knows the ingest key. */
      topics: z.array(z.string()).optional(),
      /** Per ingest key; what is over it is told to come again. */
      rate: Rate.default({ perSecond: 1000, burst: 2000 }),
      /** Refused deliveries that are written down per ingest key; more are only counted. */
      refusalsRecorded: Rate.default({ perSecond: 1, burst: 60 }),
      /** A store that takes longer has failed. */
      acceptTimeoutMs: z.number().int().positive().default(8000),
      /** How long a key that opened once is taken on trust: a revoked one works that much longer. */
      keyTrustMs: z.number().int().nonnegative().default(5000),
    })
    .prefault({}),
  connections: z
    .object({
      maximum: z.number().int().positive().default(2000),
      headersTimeoutMs: z.number().int().positive().default(10_000),
      /** Looked at once a second: nobody holds a connection for 15 seconds with a request that does not end. */
      requestTimeoutMs: z.number().int().positive().default(14_000),
      keepAliveMs: z.number().int().positive().default(5000),
      requestsPerConnection: z.number().int().positive().default(10_000),
    })
    .prefault({}),
  access: z
    .object({
      sessionHours: z.number().positive().default(12),
      /** Wrong tokens and login links per address. */
      failures: Rate.default({ perSecond: 10 / 60, burst: 10 }),
    })
    .prefault({}),
  questions: z
    .object({
      /** Per person. */
      rate: Rate.default({ perSecond: 10 / 60, burst: 5 }),
      /** Answered at one moment, over all people. */
      atOnce: z.number().int().positive().default(4),
    })
    .prefault({}),
  followers: z
    .object({
      maximum: z.number().int().positive().default(1000),
      heartbeatMs: z.number().int().positive().default(15_000),
      /** After this long a reader has to say again who they are; browsers do so by themselves. */
      lifetimeMs: z
        .number()
        .int()
        .positive()
        .default(15 * 60_000),
      /** A reader that takes nothing for this long is let go. */
      stallMs: z.number().int().positive().default(30_000),
    })
    .prefault({}),
})
export type ServerSettings = z.infer<typeof ServerSettings>
/** As a door writes them: what is left out has its default. */
export type ServerSettingsInput = z.input<typeof ServerSettings>

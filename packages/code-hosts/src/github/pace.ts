import Bottleneck from 'bottleneck'

/** How fast we go, and how long we wait; in milliseconds. */
export interface Pace {
  /** What a host calls a second when it says when to come back. Shorter in tests. */
  readonly second: number
  /** Between two writes to repositories of one owner, as GitHub asks for. */
  readonly betweenWrites: number
  /** Between two signs (👀): people wait for them, and one is given for what one person did. */
  readonly betweenSigns: number
  /** Between two writes that send people mail. */
  readonly betweenNotifications: number
  /** A limit that lasts longer is not waited for: whoever asked is told when to come again. */
  readonly longestWait: number
  /** Of one request, until its whole reply is there. */
  readonly timeout: number
}

export const PACE: Pace = { second: 1000, betweenWrites: 1000, betweenSigns: 200, betweenNotifications: 3000, longestWait: 20_000, timeout: 20_000 }

/** The queues that `plugin-throttling` sends requests through; its own are one set for the whole process, and of a fixed pace. */
export function queuesOf({ betweenWrites, betweenNotifications }: Pick<Pace, 'betweenWrites' | 'betweenNotifications'>) {
  const timeout = 120_000
  return {
    global: new Bottleneck.Group({ maxConcurrent: 10, timeout }),
    auth: new Bottleneck.Group({ maxConcurrent: 1, timeout }),
    search: new Bottleneck.Group({ maxConcurrent: 1, minTime: 2000, timeout }),
    write: new Bottleneck.Group({ maxConcurrent: 1, minTime: betweenWrites, timeout }),
    notifications: new Bottleneck.Group({ maxConcurrent: 1, minTime: betweenNotifications, timeout }),
  }
}

/** Queues in which signs do not stand behind what we have to say. */
export function signQueuesOf({ betweenSigns }: Pace): ReturnType<typeof queuesOf> {
  return queuesOf({ betweenWrites: betweenSigns, betweenNotifications: betweenSigns })
}

import type { Tokens } from '@fixpoint/core'
import type { Worker } from '@fixpoint/worker'
import { openedInOrder } from './opened-in-order.ts'
import { withSample } from './sample-alert.ts'
import { openGround, type ServiceOptions } from './service-ground.ts'
import { type ListeningServer, listeningServer } from './service-server.ts'
import { workerOn } from './service-worker.ts'

/** Which parts of the service this process is. All parts of all processes meet in one database. */
export interface Parts {
  readonly server: boolean
  readonly worker: boolean
}

/** Disposing stops taking work, lets runs come to a stop, and closes everything. */
export interface Service extends AsyncDisposable {
  /** Undefined when this process is a worker only. */
  readonly server: Pick<ListeningServer, 'address' | 'firstLink'> | undefined
  /** To make keys with. */
  readonly tokens: Tokens
  /** Resolves when the worker has gone home by itself. */
  readonly ended: Worker['ended']
}

export function startService(given: ServiceOptions, parts: Parts = { server: true, worker: true }): Promise<Service> {
  const options = parts.server && parts.worker ? { ...given, sample: true, settings: withSample(given.settings, given.env.home) } : given
  return openedInOrder(async (use) => {
    const ground = use(await openGround(options))
    const worker = workerOn(ground, options)
    const server = parts.server ? use(await listeningServer(ground, worker, options)) : undefined
    if (parts.worker) await use(worker).start()
    return { server, tokens: ground.stores.tokens, ended: worker.ended }
  })
}

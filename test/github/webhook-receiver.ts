import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Deliveries } from '@fixpoint/core'
import { githubDeliveries } from '@fixpoint/intake'

/** Where GitHub delivers: what is signed is kept before it is answered, as the service does it. */
export class WebhookReceiver implements AsyncDisposable {
  readonly #server: Server
  readonly #deliveries: Deliveries
  readonly #secret: string

  private constructor(deliveries: Deliveries, secret: string) {
    this.#deliveries = deliveries
    this.#secret = secret
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk) => chunks.push(chunk))
      request.on(
        'end',
        () => void this.#receive(request.headers as Record<string, string>, Buffer.concat(chunks)).then((status) => response.writeHead(status).end()),
      )
    })
  }

  static async listen(deliveries: Deliveries, secret: string): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(deliveries, secret)
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve))
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  async #receive(headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number> {
    const verified = await githubDeliveries.verify({ headers, body, secret: this.#secret, now: new Date() })
    if (!verified.verified) return 401
    await this.#deliveries.accept({ source: 'github', key: 'github-app', deliveryId: headers['x-github-delivery'] ?? '', headers, body })
    return 202
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

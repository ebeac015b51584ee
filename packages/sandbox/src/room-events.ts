import type { Readable } from 'node:stream'
import type Docker from 'dockerode'

/** What the engine tells about one container while a room lives: an out-of-memory kill shows nowhere else when it hits a command. */
export class RoomEvents {
  readonly #stream: Readable
  #memoryKills = 0
  #rest = ''

  private constructor(stream: Readable) {
    this.#stream = stream
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => this.#read(text))
    stream.on('error', () => {})
  }

  static async of(docker: Docker, containerId: string): Promise<RoomEvents> {
    return new RoomEvents((await docker.getEvents({ filters: { container: [containerId], event: ['oom'] } })) as Readable)
  }

  /** How often the kernel has killed something in this room for want of memory. */
  get memoryKills(): number {
    return this.#memoryKills
  }

  close(): void {
    this.#stream.destroy()
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    this.#memoryKills += lines.filter((line) => line.includes('"oom"')).length
  }
}

/** Took longer than it may. */
export class TooLate extends Error {
  constructor() {
    super('it took too long')
    this.name = 'TooLate'
  }
}

/** Rejects with `TooLate` when nothing came of it in time. The work itself goes on: whoever starts it makes sure that doing it twice is doing it once. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate()), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Opens things one after the other. They are closed in the opposite order, and at once when one on the way fails. (`AsyncDisposableStack`, which Node 20 lacks.) */
export async function openedInOrder<T extends object>(open: (use: <One extends AsyncDisposable>(one: One) => One) => Promise<T>): Promise<T & AsyncDisposable> {
  const opened: AsyncDisposable[] = []
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]()
  }
  try {
    const made = await open((one) => {
      opened.push(one)
      return one
    })
    return { ...made, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

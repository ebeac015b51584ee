import { build } from 'vite'

const SOURCES: Readonly<Record<string, string>> = {
  'src/cart.js': `import { total } from './total.js'
export function checkout(order) {
  const amount = total(order.lines)
  return amount.toFixed(2)
}
globalThis.checkout = checkout
`,
  'src/total.js': `export function total(lines) {
  if (!Array.isArray(lines)) return lines.amount
  return lines.reduce((sum, line) => sum + line.price, 0)
}
`,
}
const FILE = 'https://cdn.example.com/v2/assets/app.js'

/** A small application through a real bundler and minifier: its map, and the stack of its crash as the engine prints it. */
export async function bundledShop(): Promise<{ readonly map: string; readonly stack: string }> {
  const sources = {
    name: 'sources-of-the-shop',
    resolveId: (id: string) => `/shop/src/${id.slice(id.lastIndexOf('/') + 1)}`,
    load: (id: string) => SOURCES[id.replace('/shop/', '')],
  }
  const rollupOptions = { input: '/shop/src/cart.js', output: { format: 'iife' as const, entryFileNames: 'assets/app.js' } }
  const built = await build({
    ...{ root: '/', configFile: false, logLevel: 'silent', plugins: [sources] },
    build: { write: false, minify: true, sourcemap: true, rollupOptions },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (output === undefined || !('output' in output)) throw new Error('the bundler made nothing')
  const { code, map } = output.output[0]
  return { map: JSON.stringify(map), stack: crashOf(code) }
}

function crashOf(code: string): string {
  const world: { checkout?: (order: object) => void } = {}
  new Function('globalThis', `${code}\n//# sourceURL=${FILE}`)(world)
  try {
    world.checkout?.({})
  } catch (error) {
    // `new Function` puts two lines before the code.
    return String((error as Error).stack).replace(/app\.js:(\d+):/g, (_, line) => `app.js:${Number(line) - 2}:`)
  }
  throw new Error('the shop does not crash')
}

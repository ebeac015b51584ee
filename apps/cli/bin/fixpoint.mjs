#!/usr/bin/env node
import { existsSync } from 'node:fs'

const built = new URL('../dist/main.js', import.meta.url)
if (!existsSync(built)) {
  process.stderr.write('fixpoint is not built yet. Run: npm run build\n')
  process.exit(9)
}
const { main } = await import(built.href)
await main(process.argv)

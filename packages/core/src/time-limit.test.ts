import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('a time limit fires as a part of another signal, whatever is collected before', () => {
  const program = `
    import { timeLimit } from ${JSON.stringify(fileURLToPath(new URL('../dist/time-limit.js', import.meta.url)))}
    let fired = false
    const both = AbortSignal.any([new AbortController().signal, AbortSignal.any([timeLimit(600)])])
    both.addEventListener('abort', () => { fired = true })
    for (let time = 0; time < 4; time++) { await new Promise((done) => setTimeout(done, 50)); globalThis.gc() }
    await new Promise((done) => setTimeout(done, 1500))
    console.log(fired, both.aborted)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], { encoding: 'utf8', timeout: 30_000 })
  expect(stderr).toBe('')
  expect(stdout.trim()).toBe('true true')
})

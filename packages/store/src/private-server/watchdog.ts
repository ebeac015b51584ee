import { type ChildProcess, spawn } from 'node:child_process'
import { PLAIN_ENVIRONMENT } from './processes.ts'

/**
 * Runs in a process of its own and holds one end of a pipe. When the other end closes and the server is still there, we were killed: it
 * asks the server to stop, as we would have. As text, because a file of ours is not there to be run both before and after compiling.
 */
const PROGRAM = `
const { readFileSync } = require('node:fs')
const [pid, pidFile] = process.argv.slice(1)
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('SIGHUP', () => {})
process.stdin.on('error', () => {})
process.stdin.on('close', () => {
  try {
    if (readFileSync(pidFile, 'utf8').split('\\n')[0].trim() === pid) process.kill(Number(pid), 'SIGINT')
  } catch {}
  process.exit()
})
process.stdin.resume()
`

/** Ends by itself, with us. */
export function watch(postmaster: number, pidFile: string): ChildProcess {
  const dog = spawn(process.execPath, ['--max-semi-space-size=1', '--max-old-space-size=16', '-e', PROGRAM, String(postmaster), pidFile], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A Ctrl-C at our terminal is not for it.
    detached: true,
    cwd: '/',
    env: { ...PLAIN_ENVIRONMENT },
    windowsHide: true,
  })
  dog.on('error', () => undefined)
  dog.stdin?.on('error', () => undefined)
  dog.unref()
  // It must not keep us alive either.
  if (dog.stdin !== null && 'unref' in dog.stdin && typeof dog.stdin.unref === 'function') dog.stdin.unref()
  return dog
}

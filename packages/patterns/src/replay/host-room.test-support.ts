import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Command, CommandResult, Project, Room, SourceSnapshot, TestRun, TestSelection } from '@fixpoint/core'
import { openSyntax, type Syntax } from '@fixpoint/syntax'
import { planTests } from '@fixpoint/test-runners'

const require = createRequire(import.meta.url)
const packages = new URL('../../../', import.meta.url)

export function loadSyntax(): Promise<Syntax> {
  const bytes = (name: string) => new Uint8Array(readFileSync(require.resolve(name)))
  const grammar = (name: string) => bytes(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)
  return openSyntax({
    engine: bytes('web-tree-sitter/web-tree-sitter.wasm'),
    javascript: grammar('javascript'),
    typescript: grammar('typescript'),
    tsx: grammar('tsx'),
    python: grammar('python'),
  })
}

/** A room on this host that confines nothing: `/fixpoint/…` and `/workspace` in what is written and run are folders of its own. */
export class HostRoom implements Room {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'fixpoint-replay-')))
  readonly #project: Project
  readonly #source: SourceSnapshot
  #nonce = 0
  /** How many test commands were run. */
  runs = 0

  constructor(project: Project, source: SourceSnapshot) {
    this.#project = project
    this.#source = source
    this.#layOut()
  }

  #layOut(): void {
    for (const folder of ['workspace', 'tools', 'out']) {
      rmSync(join(this.#root, folder), { recursive: true, force: true })
      mkdirSync(join(this.#root, folder))
    }
    for (const name of ['patterns/assets/fixpoint-calls.cjs', 'patterns/assets/fixpoint_calls.py']) this.#tool(name)
    for (const name of ['fixpoint_pytest.py', 'node-test-reporter.mjs', 'report-file.cjs', 'vitest-reporter.mjs']) this.#tool(`test-runners/assets/${name}`)
    for (const entry of this.#source.list()) this.#put(join('workspace', entry.path), this.#source.text(entry.path) ?? '')
    symlinkSync(new URL('../node_modules', packages), join(this.#root, 'workspace', 'node_modules'))
  }

  #tool(name: string): void {
    this.#put(join('tools', name.split('/').at(-1) ?? name), readFileSync(new URL(name, packages), 'utf8'))
  }

  #put(path: string, content: string): void {
    mkdirSync(dirname(join(this.#root, path)), { recursive: true })
    writeFileSync(join(this.#root, path), this.#host(content))
  }

  #host(text: string): string {
    return text.replaceAll('/fixpoint/tools', join(this.#root, 'tools')).replaceAll('/fixpoint/out', join(this.#root, 'out'))
  }

  #room(text: string): string {
    return text.replaceAll(join(this.#root, 'workspace'), '/workspace').replaceAll(this.#root, '/fixpoint')
  }

  async exec(command: Command, _signal: AbortSignal): Promise<CommandResult> {
    const [program = '', ...args] = command.argv.map((word) => this.#host(word))
    const env = Object.fromEntries(Object.entries(command.env ?? {}).map(([name, value]) => [name, this.#host(value)]))
    const child = spawn(program, args, {
      cwd: join(this.#root, 'workspace'),
      env: { HOME: this.#root, PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, ...env },
      timeout: command.timeoutMs,
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdout += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output.stderr += chunk
    })
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
    const ended = { exitCode, durationMs: 1, timedOut: false, truncated: false, oomKilled: false, killed: exitCode === null }
    return { ...ended, stdout: this.#room(output.stdout), stderr: this.#room(output.stderr) }
  }

  async write(files: readonly { path: string; content: string | null }[]): Promise<void> {
    for (const { path, content } of files) {
      if (content === null) rmSync(join(this.#root, 'workspace', path), { force: true })
      else this.#put(join('workspace', path), content)
    }
  }

  async read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>()
    for (const path of paths) {
      const full = path.startsWith('/') ? this.#host(path) : join(this.#root, 'workspace', path)
      if ((statSync(full, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY) > maximumBytes) continue
      found.set(path, new TextEncoder().encode(this.#room(readFileSync(full, 'utf8'))))
    }
    return found
  }

  async test(selection: TestSelection, signal: AbortSignal, timeoutMs = 60_000): Promise<TestRun> {
    this.runs += 1
    this.#nonce += 1
    const plan = planTests(this.#project, selection, { nonce: `report-${this.#nonce}`, source: this.#source })
    const [program = '', ...args] = plan.argv
    const result = await this.exec({ argv: [program, ...args], env: plan.env, timeoutMs }, signal)
    return plan.parse(result, await this.read(plan.reads, 2 ** 24))
  }

  async reset(): Promise<void> {
    this.#layOut()
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true })
  }
}

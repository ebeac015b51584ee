import { type Command, type Environment, Failure, type RoomRequest, type Sandbox, type Sandboxes } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { MemorySnapshot } from './memory-snapshot.ts'

const source = new MemorySnapshot({
  'src/a.js': 'console.log("a")\n',
  'run.sh': { kind: 'executable', content: '#!/bin/sh\necho ran\n' },
  link: { kind: 'link', content: '/etc/passwd' },
})
const recipe: Environment['recipe'] = { toolchain: 'node', way: 'none', manifests: [], download: [], scripts: [], directories: [] }
const runId = `run_${'c'.repeat(26)}`
const never = new AbortController().signal
const text = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8'))

/**
 * What every kind of room keeps, with the Node toolchain. `confines: false` leaves out, and says so, what only real
 * confinement can keep.
 */
export function sandboxesContract(make: () => Sandboxes | Promise<Sandboxes>, options: { confines: boolean }): void {
  const withRoom = async (work: (room: Sandbox) => Promise<void>, request: Partial<RoomRequest> = {}): Promise<void> => {
    const sandboxes = await make()
    const environment = await sandboxes.prepare({ recipe, source, runId }, never, () => undefined)
    await using room = await sandboxes.open({ runId, environment, source, ...request }, never)
    await work(room)
  }
  const sh = (script: string, changes: Partial<Command> = {}): Command => ({ argv: ['sh', '-c', script], timeoutMs: 20_000, ...changes })

  describe('sandboxes contract', () => {
    it('passes its self-test and names its checks', async () => {
      const { checks } = await (await make()).selfTest(never)
      expect(checks.length).toBeGreaterThan(0)
      expect(checks.filter((check) => !check.passed)).toEqual([])
    })

    it('the same recipe and sources make the same environment', async () => {
      const sandboxes = await make()
      const first = await sandboxes.prepare({ recipe, source, runId }, never, () => undefined)
      const second = await sandboxes.prepare({ recipe, source, runId }, never, () => undefined)
      expect(second.key).toBe(first.key)
    })

    it('lays out files with their modes and edits over them; links are not laid out', async () => {
      const edits = [
        { path: 'src/a.js', content: 'console.log("edited")\n' },
        { path: 'new/b.js', content: 'b' },
      ]
      await withRoom(
        async (room) => {
          expect((await room.exec({ argv: ['node', 'src/a.js'], timeoutMs: 20_000 }, never)).stdout).toBe('edited\n')
          expect((await room.exec(sh('./run.sh; test -e new/b.js && echo there; test -L link || echo no link; pwd'), never)).stdout).toBe(
            'ran\nthere\nno link\n/workspace\n',
          )
        },
        { edits },
      )
    })

    it('a command that fails is a result', async () => {
      await withRoom(async (room) => {
        const result = await room.exec(sh('echo out; echo err >&2; exit 3'), never)
        expect(result).toMatchObject({ exitCode: 3, stdout: 'out\n', stderr: 'err\n', timedOut: false, truncated: false, oomKilled: false, killed: false })
        const missing = await room.exec({ argv: ['no-such-program'], timeoutMs: 20_000 }, never)
        expect(missing.exitCode === 126 || missing.exitCode === 127).toBe(true)
      })
    })

    it('hands over input, environment and folder; words are never split', async () => {
      await withRoom(async (room) => {
        const script = 'cat; echo "$WORD"; pwd'
        const result = await room.exec(sh(script, { stdin: 'in\n', env: { WORD: 'a  b;$(x)' }, cwd: 'src' }), never)
        expect(result.stdout).toBe('in\na  b;$(x)\n/workspace/src\n')
        const words = await room.exec(
          { argv: ['node', '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', 'a b', "'", '$(x)', ''], timeoutMs: 20_000 },
          never,
        )
        expect(JSON.parse(words.stdout)).toEqual(['a b', "'", '$(x)', ''])
        expect((await room.exec(sh('cat; echo end'), never)).stdout).toBe('end\n')
      })
    })

    it('stops at the deadline and keeps what was said', async () => {
      await withRoom(async (room) => {
        const result = await room.exec(sh('echo begun; trap "" TERM; while :; do sleep 1; done', { timeoutMs: 1500 }), never)
        expect(result).toMatchObject({ timedOut: true, stdout: 'begun\n' })
      })
    })

    it('keeps the head and the tail of too much output', async () => {
      await withRoom(async (room) => {
        const result = await room.exec(sh('echo head; seq 1 100000; echo tail', { outputLimit: 2000 }), never)
        expect(result.truncated).toBe(true)
        expect(result.stdout.startsWith('head\n')).toBe(true)
        expect(result.stdout.endsWith('tail\n')).toBe(true)
        expect(result.stdout.length).toBeLessThan(3000)
      })
    })

    it('a command that kills itself was killed', async () => {
      await withRoom(async (room) => {
        expect(await room.exec(sh('kill -KILL $$'), never)).toMatchObject({ killed: true, timedOut: false, oomKilled: false })
      })
    })

    it('an abort ends a command with the reason', async () => {
      await withRoom(async (room) => {
        const controller = new AbortController()
        const running = room.exec(sh('sleep 60'), controller.signal)
        setTimeout(() => controller.abort(new Error('enough')), 300)
        await expect(running).rejects.toThrow('enough')
      })
    })

    it('writes and deletes inside the tree, and nowhere else', async () => {
      await withRoom(async (room) => {
        await room.write([
          { path: 'src/a.js', content: null },
          { path: 'deep/er/c.bin', content: Uint8Array.from([0, 255]) },
        ])
        expect((await room.exec(sh('test -e src/a.js || echo gone; wc -c < deep/er/c.bin | tr -d " "'), never)).stdout).toBe('gone\n2\n')
        for (const path of ['../x', '/etc/x', 'a/../../x']) await expect(room.write([{ path, content: 'x' }])).rejects.toThrow()
      })
    })

    it('reads regular files that are small enough; the rest is left out', async () => {
      await withRoom(async (room) => {
        await room.exec(sh('ln -s /etc/passwd link; mkfifo pipe; mkdir dir; head -c 5000 /dev/zero > big; printf result > /fixpoint/out/r.json', {}), never)
        const files = await room.read(['src/a.js', 'link', 'pipe', 'dir', 'big', 'missing', '../../etc/passwd', '/etc/passwd', '/fixpoint/out/r.json'], 1000)
        expect([...files].map(([path, bytes]) => [path, text(bytes)])).toEqual([
          ['src/a.js', 'console.log("a")\n'],
          ['/fixpoint/out/r.json', 'result'],
        ])
      })
    })

    it('commands find the tools', async () => {
      const tools = new Map([['hello.mjs', new TextEncoder().encode('console.log("tool", process.argv[2])')]])
      await withRoom(
        async (room) => {
          expect((await room.exec({ argv: ['node', '/fixpoint/tools/hello.mjs', '/fixpoint/out/x'], timeoutMs: 20_000 }, never)).stdout).toBe(
            'tool /fixpoint/out/x\n',
          )
        },
        { tools },
      )
    })

    it('reset gives the tree as it was opened and leaves no process', async () => {
      await withRoom(
        async (room) => {
          await room.exec(
            sh(
              'echo x > src/a.js; echo x > new; rm run.sh; echo x > /fixpoint/out/r; (while :; do echo tick >> /workspace/ticks; sleep 0.1; done) > /dev/null 2>&1 &',
            ),
            never,
          )
          await room.reset()
          const script = 'cat src/a.js; ls; sleep 0.5; test -e ticks || echo quiet; ls /fixpoint/out'
          expect((await room.exec(sh(script), never)).stdout).toBe('edited\nrun.sh\nsrc\nquiet\n')
        },
        { edits: [{ path: 'src/a.js', content: 'edited\n' }] },
      )
    })

    it('rooms know nothing of each other', async () => {
      await withRoom(async (one) => {
        await one.write([{ path: 'mine', content: 'x' }])
        await withRoom(async (other) => {
          expect((await other.read(['mine'], 100)).size).toBe(0)
        })
      })
    })

    it('a closed room says that it is lost', async () => {
      let kept: Sandbox | undefined
      await withRoom(async (room) => {
        kept = room
      })
      const error = await kept?.exec(sh('true'), never).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(Failure)
      expect(error).toMatchObject({ code: 'room-lost' })
    })

    if (!options.confines) {
      console.info('sandboxes contract: network, user and read-only tools are not checked, because these rooms confine nothing')
      return
    }
    it('has no network, another user than the host and tools that cannot be changed', async () => {
      await withRoom(
        async (room) => {
          const net = "require('net').connect(80,'1.1.1.1').on('error',e=>console.log(e.code)).on('connect',()=>console.log('connected'))"
          expect((await room.exec({ argv: ['node', '-e', net], timeoutMs: 20_000 }, never)).stdout).toBe('ENETUNREACH\n')
          expect((await room.exec(sh('id -u; echo $HOME; (echo x > /fixpoint/tools/a) 2>/dev/null || echo refused'), never)).stdout).toBe(
            '1000\n/home/agent\nrefused\n',
          )
        },
        { tools: new Map([['a', new Uint8Array()]]) },
      )
    })
  })
}

// Opening a room, one command and closing it, beside a bare `docker run` with the same confinement; and the reset of a large room.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { median, row, showTable, takingTurns, timed } from './measured.mjs'
import { openRoom, sandboxes, signal, treeOf } from './rooms-at-hand.mjs'

const TURNS = 7
const run = promisify(execFile)
const image = await sandboxes.image('node')
if (image === undefined) throw new Error('the image of the node rooms is not built: node sandbox-images/build.mjs')

const small = treeOf({ 'package.json': '{}', 'index.js': 'module.exports = 1\n' })
const command = { argv: ['node', '--version'], timeoutMs: 30_000 }
const tmpfs = ['/workspace', '/tmp', '/home/agent', '/fixpoint/out'].flatMap((path) => ['--tmpfs', `${path}:rw,exec,nosuid,nodev,size=256m`])
const hardened = ['--network', 'none', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true', '--read-only', '--init', '--ipc', 'private']
const limits = ['--memory', '2g', '--memory-swap', '2g', '--pids-limit', '512', '--cpus', '2', '--user', '1000:1000', '--log-driver', 'none']

const [room, bare] = await takingTurns(
  TURNS,
  async () => {
    const opened = await openRoom(small)
    await opened.exec(command, signal)
    await opened[Symbol.asyncDispose]()
  },
  () => run('docker', ['run', '--rm', ...hardened, ...limits, ...tmpfs, image.name, ...command.argv]),
)
row(
  'room: open + exec + close, against a bare docker run',
  `${(room / bare).toFixed(2)}× (${Math.round(room)} ms : ${Math.round(bare)} ms)`,
  '≤ 1.2×',
  room / bare <= 1.2,
)

const FILES = 10_000
const BYTES = 200 * 2 ** 20
const filler = Buffer.alloc(BYTES / FILES, 'x')
const large = treeOf(Object.fromEntries(Array.from({ length: FILES }, (_, index) => [`src/${index % 100}/${index}.txt`, filler])))
const opened = await openRoom(large)
try {
  const resets = []
  for (let turn = 0; turn < 3; turn++) {
    await opened.exec({ argv: ['sh', '-c', 'rm -rf src/1*; echo changed > src/0/0.txt'], timeoutMs: 60_000 }, signal)
    resets.push((await timed(() => opened.reset())).ms)
  }
  const reset = median(resets)
  row('reset of a room with 200 MB in 10,000 files', `${(reset / 1000).toFixed(2)} s`, '≤ 1.5 s', reset <= 1500)
} finally {
  await opened[Symbol.asyncDispose]()
}
showTable()

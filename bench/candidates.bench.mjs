// Candidates judged per second in the drafter's rooms, beside one `npm test` each in a room that is already open.
import { randomBytes } from 'node:crypto'
import { TestRoom } from '../packages/engine/dist/test-room.js'
import { WorkshopBench } from '../packages/engine/dist/workshop-bench.js'
import { row, showTable, timed } from './measured.mjs'
import { openRoom, signal, treeOf } from './rooms-at-hand.mjs'

const COUNT = 32
const ONE_BY_ONE = 8
const source = treeOf({
  'package.json': '{"name":"tiny","scripts":{"test":"node --test test/"}}',
  'src/sum.js': 'exports.sum = (a, b) => a - b\n',
  'test/sum.test.js':
    "const test = require('node:test')\nconst assert = require('node:assert')\nconst { sum } = require('../src/sum.js')\ntest('sums', () => assert.strictEqual(sum(2, 3), 5))\n",
})
const project = {
  toolchain: 'node',
  runner: 'node:test',
  runnerArguments: [],
  runnerEnvironment: {},
  testFiles: ['test/sum.test.js'],
  protectedFiles: [],
  staticChecks: [],
  because: [],
}
const selection = { kind: 'tests', tests: [{ id: 'test/sum.test.js > sums', file: 'test/sum.test.js', path: ['sums'] }] }
const ids = { sortable: () => '0'.repeat(26), nonce: () => randomBytes(16).toString('hex') }
const candidate = (index) => ({ edits: [{ path: 'src/sum.js', content: `exports.sum = (a, b) => a * b + ${index}\n` }] })

const rooms = []
const open = async () => {
  const room = await openRoom(source)
  rooms.push(room)
  return new TestRoom(room, { project, source, ids, testTimeoutMs: 60_000 })
}
try {
  const room = await open()
  /** As it was before: a write, a command and a read for each. */
  const single = await timed(async () => {
    for (let index = 0; index < ONE_BY_ONE; index++) {
      await room.lay(candidate(index).edits)
      await room.test(selection, signal)
    }
  })
  const npm = await timed(async () => {
    for (let index = 0; index < ONE_BY_ONE; index++) {
      await room.lay(candidate(index).edits)
      await room.exec({ argv: ['npm', 'test'], timeoutMs: 60_000 }, signal)
    }
  })
  const perSecond = async (parallelRooms) => {
    const bench = new WorkshopBench({ open, parallelRooms, candidateTimeoutMs: 30_000 })
    const answers = async (count) => {
      let seen = 0
      for await (const result of bench.runMany(
        selection,
        Array.from({ length: count }, (_, index) => candidate(index)),
        signal,
      ))
        seen += result.reported ? 1 : 0
      if (seen !== count) throw new Error(`${count - seen} candidates gave no report`)
    }
    await answers(parallelRooms * 2)
    return COUNT / ((await timed(() => answers(COUNT))).ms / 1000)
  }
  const one = await perSecond(1)
  const two = await perSecond(2)
  const npmRate = ONE_BY_ONE / (npm.ms / 1000)
  const singleRate = ONE_BY_ONE / (single.ms / 1000)
  row('one `npm test` each', `${npmRate.toFixed(2)} per second`, '–')
  row('one by one, by our own command', `${singleRate.toFixed(2)} per second (${(singleRate / npmRate).toFixed(1)}×)`, '–')
  row('in batches, one room', `${one.toFixed(2)} per second (${(one / npmRate).toFixed(1)}×)`, '–')
  row('in batches, two rooms', `${two.toFixed(2)} per second (${(two / npmRate).toFixed(1)}×)`, '–')
  showTable()
} finally {
  await Promise.allSettled(rooms.map((room) => room[Symbol.asyncDispose]()))
}

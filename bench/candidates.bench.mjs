// Candidates judged per second in the drafter's rooms, beside one `npm test` each in a room that is already open.
import { randomBytes } from 'node:crypto'
import { TestRoom } from '../packages/engine/dist/test-room.js'
import { WorkshopBench } from '../packages/engine/dist/workshop-bench.js'
import { row, showTable, takingTurns } from './measured.mjs'
import { openRoom, signal, treeOf } from './rooms-at-hand.mjs'

const TURNS = 3
const EACH = 4
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
  const oneByOne = (test) => async () => {
    for (let index = 0; index < EACH; index++) {
      await room.lay(candidate(index).edits)
      await test()
    }
  }
  const batches = (parallelRooms) => {
    const bench = new WorkshopBench({ open, parallelRooms, candidateTimeoutMs: 30_000 })
    return async () => {
      let seen = 0
      for await (const result of bench.runMany(
        selection,
        Array.from({ length: 2 * EACH }, (_, index) => candidate(index)),
        signal,
      ))
        seen += result.reported ? 1 : 0
      if (seen !== 2 * EACH) throw new Error(`${2 * EACH - seen} candidates gave no report`)
    }
  }
  const npm = oneByOne(() => room.exec({ argv: ['npm', 'test'], timeoutMs: 60_000 }, signal))
  /** As a drafter does without batches: a write, a command and a read for each. */
  const single = oneByOne(() => room.test(selection, signal))
  const [one, two] = [batches(1), batches(2)]
  // Rooms are opened before anything is measured.
  await one()
  await two()
  const [npmMs, singleMs, oneMs, twoMs] = await takingTurns(TURNS, npm, single, one, two)
  const rate = (ms, count) => count / (ms / 1000)
  const npmRate = rate(npmMs, EACH)
  for (const [what, each] of [
    ['one `npm test` each', npmRate],
    ['one by one, our own command', rate(singleMs, EACH)],
    ['in batches, one room', rate(oneMs, 2 * EACH)],
    ['in batches, two rooms', rate(twoMs, 2 * EACH)],
  ])
    row(`candidates: ${what}`, `${each.toFixed(2)} per second (${(each / npmRate).toFixed(1)}×)`, '–')
  showTable()
} finally {
  await Promise.allSettled(rooms.map((room) => room[Symbol.asyncDispose]()))
}

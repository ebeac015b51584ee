import { describe, expect, it } from 'vitest'
import { GroupCommit } from './group-commit.ts'

const LIMITS = { items: 100, bytes: 1000, writers: 1 }

function recording(limits = LIMITS, write = async (items: readonly number[]): Promise<readonly number[]> => items.map((item) => item * 2)) {
  const groups: (readonly number[])[] = []
  let writing = 0
  let most = 0
  const commit = new GroupCommit<number, number>(
    async (items) => {
      groups.push(items)
      writing += 1
      most = Math.max(most, writing)
      try {
        await new Promise((done) => setImmediate(done))
        return await write(items)
      } finally {
        writing -= 1
      }
    },
    (error) => error instanceof RangeError,
    limits,
  )
  return { commit, groups, most: () => most }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('group commit', () => {
  it('writes together what comes together, and answers each with its own', async () => {
    const { commit, groups } = recording()
    expect(await Promise.all(upTo(50).map((item) => commit.add(item, 1)))).toEqual(upTo(50).map((item) => item * 2))
    expect(groups).toHaveLength(1)
  })

  it('what comes while a group is written goes into the next', async () => {
    const { commit, groups } = recording()
    const first = commit.add(1, 1)
    while (groups.length === 0) await new Promise((done) => setImmediate(done))
    await Promise.all([first, commit.add(2, 1), commit.add(3, 1)])
    expect(groups).toEqual([[1], [2, 3]])
  })

  it('keeps to its limits of items, bytes and writers', async () => {
    const { commit, groups, most } = recording({ items: 10, bytes: 50, writers: 3 })
    await Promise.all(upTo(100).map((item) => commit.add(item, 10)))
    expect(groups.every((group) => group.length <= 5)).toBe(true)
    expect(groups.flat().sort((a, b) => a - b)).toEqual(upTo(100))
    expect(most()).toBe(3)
    const small = recording({ items: 10, bytes: 50, writers: 1 })
    await Promise.all(upTo(25).map((item) => small.commit.add(item, 0)))
    expect(small.groups.map((group) => group.length)).toEqual([10, 10, 5])
  })

  it('an item that is larger than a group goes alone', async () => {
    const { commit, groups } = recording({ items: 10, bytes: 50, writers: 1 })
    await Promise.all([commit.add(1, 10), commit.add(2, 500), commit.add(3, 10)])
    expect(groups).toEqual([[1], [2], [3]])
  })

  it('one that spoils its group fails alone', async () => {
    const { commit } = recording(LIMITS, async (items) => {
      if (items.includes(7)) throw new RangeError('seven')
      return items
    })
    const answers = await Promise.allSettled(upTo(20).map((item) => commit.add(item, 1)))
    expect(answers.flatMap((answer, index) => (answer.status === 'rejected' ? [index] : []))).toEqual([7])
  })

  it('when the world fails, all of the group hear of it, once, and the next group is written', async () => {
    let calls = 0
    const { commit } = recording(LIMITS, async (items) => {
      calls += 1
      if (calls === 1) throw new Error('no database')
      return items
    })
    const answers = await Promise.allSettled(upTo(20).map((item) => commit.add(item, 1)))
    expect(answers.every((answer) => answer.status === 'rejected')).toBe(true)
    expect(calls).toBe(1)
    expect(await commit.add(5, 1)).toBe(5)
  })
})

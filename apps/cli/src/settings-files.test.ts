import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { readRepositorySettings, readSettingsFile } from './settings-files.ts'

const read = (files: Readonly<Record<string, string>>, of?: string) => readSettingsFile((path) => files[path], of)

describe('the repository’s settings', () => {
  it('are the built-in ones where there is no file', () => {
    expect(readRepositorySettings(new MemorySnapshot({ 'a.js': '' }))).toEqual({
      enabled: true,
      labels: ['fixpoint'],
      mayAsk: 'write',
      bots: [],
      rounds: { reviews: 3, checks: 2 },
      pullRequest: { labels: [], reviewers: [], coAuthoredBy: true, closes: true },
      protected: [],
    })
  })
  it('name file, line and column of what is wrong', () => {
    const source = new MemorySnapshot({ '.github/fixpoint.yml': 'test: npm test\nbudget:\n  attempts: many\nrounds:\n  reviewers: 3\nretries: 3\n' })
    expect(() => readRepositorySettings(source)).toThrow(/fixpoint\.yml:3:13 budget\.attempts/)
    expect(() => readRepositorySettings(source)).toThrow(/fixpoint\.yml:5:3 rounds: .*reviewers/)
    expect(() => readRepositorySettings(source)).toThrow(/fixpoint\.yml:6:1 settings: .*retries/)
  })
  it('say where the YAML ends to be YAML', () => {
    expect(() => readRepositorySettings(new MemorySnapshot({ '.github/fixpoint.yml': 'test: [a\nb: c' }))).toThrow(/fixpoint\.yml:\d+:\d+/)
  })
  it('hold only what is said: the rest of a budget is for others to say', () => {
    expect(read({ '.fixpoint.yml': 'budget: { minutes: 3 }\n' }).level).toEqual({ from: '.fixpoint.yml', said: { budget: { minutes: 3 } } })
  })
  it('may be JSON, indented with tabs', () => {
    expect(read({ 'fixpoint.config.json': '{\n\t"labels": [\n\t\t"bug"\n\t]\n}\n' }).level?.said).toEqual({ labels: ['bug'] })
  })
})

it('of two files the first counts, and the other is told of', () => {
  const { level, warnings } = read({ '.fixpoint.yml': 'labels: [a]', '.github/fixpoint.yml': 'labels: [b]' })
  expect(level).toEqual({ from: '.github/fixpoint.yml', said: { labels: ['b'] } })
  expect(warnings).toEqual(['.fixpoint.yml is not read: .github/fixpoint.yml is there, and comes first'])
})

it('a file whose name is nearly right is told of', () => {
  expect(read({ '.github/fixpoint.yaml': 'labels: [a]' })).toEqual({
    level: undefined,
    warnings: ['.github/fixpoint.yaml is not read: call it .github/fixpoint.yml'],
  })
})

it('a mistake in the organisation’s file is told as the organisation’s', () => {
  expect(() => read({ '.github/fixpoint.yml': 'labels: bug' }, 'acme/.github: ')).toThrow(/^acme\/\.github: \.github\/fixpoint\.yml:1:9 labels/)
})

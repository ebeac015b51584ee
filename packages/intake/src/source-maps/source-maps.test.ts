import type { StackFrame, StackTrace } from '@fixpoint/core'
import { bundledShop } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { reportOfAlert } from '../alerts/report-of-alert.ts'
import { told } from '../told.ts'
import { matchingMap } from './matching-map.ts'
import { minifiedFiles, originalPlaces, originalTraces } from './original-traces.ts'
import { readSourceMap } from './source-map.ts'

const frame = (told: Partial<StackFrame>): StackFrame => ({ async: false, place: 'code', ...told })
const trace = (...frames: StackFrame[]): StackTrace => ({ language: 'javascript', errorType: 'TypeError', message: 'x', frames, causes: [] })

describe('a minified trace', () => {
  it('of a real bundler names files, lines and functions as they were written', async () => {
    const { stack, map: raw } = await bundledShop()
    const map = readSourceMap(JSON.parse(raw))
    if ('refused' in map) throw new Error(map.refused)
    const places = originalPlaces(map)
    const report = await reportOfAlert(
      { title: { untrusted: 'crash' }, text: { untrusted: stack }, traces: [], severity: 'error', missing: [] },
      {
        originals: async (traces) => {
          expect(minifiedFiles(traces)).toEqual(['https://cdn.example.com/v2/assets/app.js'])
          return originalTraces(traces, () => places)
        },
      },
    )
    expect(told(report.traces).split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(/^ {2}total \S*src\/total\.js:2:43$/),
      expect.stringMatching(/^ {2}- \S*src\/cart\.js:3:18$/),
    ])
    expect(raw).toContain('lines.reduce')
    expect(JSON.stringify(map)).not.toContain('lines.reduce')
  }, 60_000)

  it('is named by its callers; a name of the minifier is dropped, another stays', () => {
    const places = () => (line: number) => (line === 9 ? undefined : { file: 'src/a.ts', line: line * 10, column: 1, ...(line === 2 && { name: 'price' }) })
    const frames = [
      frame({ function: 't', file: 'app.js', line: 1, column: 5 }),
      frame({ function: 'n', file: 'app.js', line: 2, column: 5 }),
      frame({ function: 'onClick', file: 'app.js', line: 3, column: 5 }),
      frame({ function: 'e', file: 'app.js', line: 9, column: 5 }),
      frame({ function: 'f', file: 'app.py', line: 1, column: 5 }),
    ]
    const [mapped] = originalTraces([{ ...trace(...frames), causes: [{ relation: 'cause', trace: trace(...frames.slice(0, 1)) }] }], places)
    expect(mapped?.frames.map(({ function: name, file, line }) => [name, file, line])).toEqual([
      ['price', 'src/a.ts', 10],
      [undefined, 'src/a.ts', 20],
      ['onClick', 'src/a.ts', 30],
      ['e', 'app.js', 9],
      ['f', 'app.py', 1],
    ])
    expect(mapped?.causes[0]?.trace.frames[0]?.file).toBe('src/a.ts')
  })
})

describe('a map of a stranger', () => {
  const good = { version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA' }
  it.each<[string, unknown, RegExp]>([
    ['no object', 'x', /JSON object/],
    ['null', null, /JSON object/],
    ['sections', { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: good }] }, /index map/],
    ['another version', { ...good, version: 2 }, /version/],
    ['mappings of other characters', { ...good, mappings: 'AAAA;<script>' }, /mappings/],
    ['mappings that are too long', { ...good, mappings: 'A'.repeat(12 * 1_048_576 + 1) }, /mappings/],
    ['a million lines', { ...good, mappings: ';'.repeat(600_000) }, /too many mappings/],
    ['millions of places', { ...good, mappings: 'A,'.repeat(2_000_001) }, /too many mappings/],
    ['sources that are no text', { ...good, sources: [{ deep: [] }] }, /sources/],
    ['too many sources', { ...good, sources: Array.from({ length: 50_001 }, () => 'a') }, /sources/],
    ['no sources', { version: 3, mappings: '' }, /sources/],
  ])('%s is refused in words', (_, map, why) => {
    const read = readSourceMap(map)
    expect('refused' in read ? read.refused : '').toMatch(why)
  })

  it('deep JSON does no harm', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep]
    expect(readSourceMap({ ...good, x_extra: deep, sourcesContent: deep })).toEqual({ ...good, debugId: undefined })
  })

  it.each([
    ['../../../../etc/passwd', 'etc/passwd'],
    ['webpack://shop/./src/a.ts?1f2e', 'src/a.ts'],
    ['webpack:///./src/a.ts', 'src/a.ts'],
    ['file:///home/ci/shop/src/a.ts', 'home/ci/shop/src/a.ts'],
    ['..\\src\\a.ts', 'src/a.ts'],
    ['src/\u0000a.ts', undefined],
    ['', undefined],
  ])('the source %j is the path %j', (source, path) => {
    const places = originalPlaces({ ...good, version: 3, sources: [source] })
    expect(places?.(1, 1)?.file).toBe(path)
  })

  it.each(['A', '+', '////////////////', 'gggggggggggggggggggggggggggggggggggg', 'AAAAA', 'ACDC', 'D', 'AAggggggggggggE'])(
    'mappings %j never throw',
    (mappings) => {
      const places = originalPlaces({ ...good, version: 3, mappings })
      for (const [line, column] of [
        [1, 1],
        [1, 1e9],
        [1e9, 1],
      ] as const)
        expect(() => places?.(line, column)).not.toThrow()
    },
  )

  it('debug ids are the same in every spelling, and nothing else is one', () => {
    const debugId = (told: object) => {
      const read = readSourceMap({ ...good, ...told })
      return 'refused' in read ? read : read.debugId
    }
    expect(debugId({ debugId: '85314830-023F-4cf1-a267-535f4e37bb17' })).toBe('85314830023f4cf1a267535f4e37bb17')
    expect(debugId({ debug_id: '85314830023f4cf1a267535f4e37bb17' })).toBe('85314830023f4cf1a267535f4e37bb17')
    expect(debugId({ debugId: 'x' })).toBeUndefined()
  })
})

it('a map is found by the end of the path, and not at all when two are as good', () => {
  const maps = ['assets/app.js', 'assets/vendor/app.js', 'other/app.js', 'main.js'].map((file) => ({ file }))
  const found = (file: string) => matchingMap(file, maps)?.file
  expect(found('https://cdn.example.com/v2/assets/app.js?x=/main.js')).toBe('assets/app.js')
  expect(found('app:///vendor/app.js#x')).toBe('assets/vendor/app.js')
  expect(found('/srv/main.js')).toBe('main.js')
  expect(found('https://x/app.js')).toBeUndefined()
  expect(found('https://x/none.js')).toBeUndefined()
})

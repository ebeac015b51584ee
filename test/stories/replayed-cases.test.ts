import { describe, it } from 'vitest'
import { recordedSets, replay } from './replay.ts'

describe.each(recordedSets)('the recorded cases of %s', (name) => {
  it('come out as they did', { timeout: 900_000 }, () => replay(name))
})

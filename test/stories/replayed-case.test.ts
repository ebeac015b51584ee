import { it } from 'vitest'
import { replay } from './replay.ts'

// A prompt, a tool or a step that asks for something else, or makes less of the same words, is seen here at once; the other cases are in the long tests.

it('a recorded case comes out as it did, from the report to the judged patch', { timeout: 300_000 }, () => replay('strong', ['job-scheduler']))

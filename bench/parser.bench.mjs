// Stack traces out of 256 KB of the worst shapes, beside half of each: twice the text may cost little more than twice the time.
import { parseStackTraces } from '@fixpoint/intake'
import { leastOfTurns, row, showTable } from './measured.mjs'

const TURNS = 25
const SIZE = 256 * 1024
const filled = (piece) => (bytes) => piece.repeat(Math.ceil(bytes / piece.length)).slice(0, bytes)
const shapes = {
  'frames of Node': filled('    at parse (/srv/app/dist/a/b/c.js:12:34)\n'),
  'frames of Python': filled('Traceback (most recent call last):\n  File "/app/a.py", line 3, in f\n    return x\nValueError: no\n'),
  'one line of brackets': filled('('),
  'one line of "at "': filled('at '),
  'one line of "Error: "': filled('Error: '),
  'empty lines': filled('\n'),
  'backslashes and quotes': filled('\\"'),
  'opened JSON': filled('{"err":"'),
  'causes in causes': filled('Error: a\n    at f (/a.js:1:1) {\n  [cause]: '),
}
let worst = { name: '', ms: 0 }
let steepest = { name: '', ratio: 0 }
for (const [name, shape] of Object.entries(shapes)) {
  const whole = shape(SIZE)
  const half = shape(SIZE / 2)
  parseStackTraces(whole)
  const [all, part] = await leastOfTurns(
    TURNS,
    () => parseStackTraces(whole),
    () => parseStackTraces(half),
  )
  if (all > worst.ms) worst = { name, ms: all }
  // Below a millisecond the clock and the compiler are what is measured.
  if (all > 1 && all / part > steepest.ratio) steepest = { name, ratio: all / part }
}
row('parser: 256 KB of the worst shape', `${worst.ms.toFixed(1)} ms (${worst.name})`, '< 20 ms', worst.ms < 20)
row('parser: 256 KB against half of it', `${steepest.ratio.toFixed(2)}× (${steepest.name || 'all under 1 ms'})`, '≤ 2.5×', steepest.ratio <= 2.5)
showTable()

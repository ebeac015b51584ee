// @ts-check
// Loaded before everything else: the clock of this process is off by the milliseconds that a file says, which may change at any time.
// What runs evenly (timers, performance.now) goes on, as it does when the clock of a machine is set.
const { readFileSync } = require('node:fs')

const file = process.env.STEPPED_CLOCK ?? ''
const RealDate = Date
let off = 0
setInterval(() => {
  try {
    off = Number(readFileSync(file, 'utf8')) || 0
  } catch {
    off = 0
  }
}, 100).unref()

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(RealDate.now() + off).toString(),
  construct: (target, values, made) => Reflect.construct(target, values.length === 0 ? [RealDate.now() + off] : values, made),
  get: (target, name) => (name === 'now' ? () => RealDate.now() + off : Reflect.get(target, name)),
})

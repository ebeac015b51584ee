'use strict'
// `--require <this>`, mocha 2 and newer. Mocha dies when one test file throws while it loads; here each file is loaded by itself,
// what it threw is kept for the reporter, and the other files still run.
const path = require('node:path')

const failures = []
globalThis[Symbol.for('fixpoint.mocha.load')] = failures

function isMocha(file) {
  return /[\\/]mocha[\\/]lib[\\/]mocha\.js$/.test(file)
}

function patch(Mocha) {
  const { loadFiles, loadFilesAsync } = Mocha.prototype
  // Its notification wants the statistics of mocha's own reporters, and what it throws without them keeps old versions from ending.
  Mocha.prototype._growl = () => {}
  Mocha.prototype.loadFiles = function (done) {
    const files = this.files
    for (const file of files) {
      this.files = [file]
      try {
        loadFiles.call(this)
      } catch (error) {
        failures.push({ file: path.resolve(file), error })
      }
    }
    this.files = files
    if (done) done()
  }
  if (!loadFilesAsync) return
  Mocha.prototype.loadFilesAsync = async function (options) {
    const files = this.files
    for (const file of files) {
      this.files = [file]
      try {
        await loadFilesAsync.call(this, options)
      } catch (error) {
        failures.push({ file: path.resolve(file), error })
      }
    }
    this.files = files
  }
}

for (const file of Object.keys(require.cache)) {
  const loaded = require.cache[file]
  if (isMocha(file) && loaded && typeof loaded.exports === 'function') patch(loaded.exports)
}

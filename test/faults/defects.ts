/** Something that production would send only by mistake: it may be in no log. */
export const PLANTED = 'ada.lovelace@customer.example'

/** A shop with several defects of one kind, each with a test that shows it. */
export function shopOf(defects: readonly string[]): Readonly<Record<string, string>> {
  return {
    'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test" } }\n',
    ...Object.fromEntries(
      defects.flatMap((name) => [
        [`src/${name}.js`, `export function ${name}(items) {\n  return items[items.length].name\n}\n`],
        [
          `test/${name}.test.js`,
          `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ${name} } from '../src/${name}.js'
test('${name} is a function', () => assert.equal(typeof ${name}, 'function'))
test('${name} names the last', () => assert.equal(${name}([{ name: 'a' }, { name: 'b' }]), 'b'))
`,
        ],
      ]),
    ),
  }
}

/** What production says of one of them. */
export function alertOf(defect: string): string {
  return JSON.stringify({
    title: `${defect} failed for ${PLANTED}`,
    service: 'checkout',
    stacktrace: `TypeError: Cannot read properties of undefined (reading 'name')
    at ${defect} (file:///srv/app/src/${defect}.js:2:30)
    at checkout (file:///srv/app/src/checkout.js:10:5)
`,
  })
}

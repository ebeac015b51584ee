import { BROKEN, type Cheat, type ModuleSystem, shopSource } from './cheats.ts'

/** The same defect mended in the ways in which people do it. */
export function honestFixes(modules: ModuleSystem): readonly Cheat[] {
  const fix = (name: string, body: string, top = ''): Cheat => ({ name, edits: [{ path: 'src/total.js', content: shopSource(modules, { body, top }) }] })
  return [
    fix('the boundary', BROKEN.replace('<=', '<')),
    fix('length minus one', BROKEN.replace('lines.length', 'lines.length - 1')),
    fix('for of', 'let sum = 0\n  for (const line of lines) sum += line.price * line.count\n  return sum'),
    fix('for of, destructured', 'let sum = 0\n  for (const { price, count } of lines) sum += price * count\n  return sum'),
    fix('reduce', 'return lines.reduce((sum, line) => sum + line.price * line.count, 0)'),
    fix('forEach', 'let sum = 0\n  lines.forEach((line) => {\n    sum += line.price * line.count\n  })\n  return sum'),
    fix('map, then reduce', 'return lines.map((line) => line.price * line.count).reduce((a, b) => a + b, 0)'),
    fix('while', 'let sum = 0\n  let i = 0\n  while (i < lines.length) {\n    sum += lines[i].price * lines[i].count\n    i += 1\n  }\n  return sum'),
    fix('backwards', 'let sum = 0\n  for (let i = lines.length - 1; i >= 0; i--) sum += lines[i].price * lines[i].count\n  return sum'),
    fix(
      'break at the end',
      'let sum = 0\n  for (let i = 0; i <= lines.length; i++) {\n    if (i === lines.length) break\n    sum += lines[i].price * lines[i].count\n  }\n  return sum',
    ),
    fix(
      'a function of its own',
      'return lines.reduce((sum, line) => sum + lineTotal(line), 0)',
      'function lineTotal({ price, count }) {\n  return price * count\n}',
    ),
    fix('not equal', BROKEN.replace('<=', '!==')),
    fix('recursion', 'const [first, ...rest] = lines\n  return first === undefined ? 0 : first.price * first.count + total(rest)'),
  ].map((each) =>
    modules === 'cjs' && each.name === 'recursion'
      ? fix('recursion', 'const [first, ...rest] = lines\n  return first === undefined ? 0 : first.price * first.count + exports.total(rest)')
      : each,
  )
}

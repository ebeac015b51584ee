import { describe, expect, test } from 'vitest'
import { matchEdit } from './edit-match.ts'
import { nearestText } from './nearest-text.ts'

/** The text after an edit, or the lines at which an ambiguous one was found. */
function edited(text: string, search: string, replace: string): string | readonly number[] {
  const match = matchEdit(text, search, replace)
  return 'found' in match ? match.found : text.slice(0, match.start) + match.replacement + text.slice(match.end)
}

const FUNCTION = 'function f(a) {\n  if (a) {\n    return 1\n  }\n  return 2\n}\n'

describe('finds the text', () => {
  test.each<[string, string, string, string, string]>([
    ['exactly', FUNCTION, 'return 1', 'return 3', FUNCTION.replace('return 1', 'return 3')],
    ['over lines', FUNCTION, '    return 1\n  }\n', '    return 1\n  } else a = 0\n', FUNCTION.replace('  }\n', '  } else a = 0\n')],
    ['with dollars in the replacement', 'const a = 1\n', '1', "'$&$1$$`'", "const a = '$&$1$$`'\n"],
    ['to delete a line', 'a\nb\nc\n', 'b\n', '', 'a\nc\n'],
    ['lines whose replacement lacks the last line break', 'a\nb\nc\n', 'b\n', 'd', 'a\nd\nc\n'],
    ['lines whose replacement has a line break too many', 'a\nb\nc\n', 'b', 'd\n', 'a\nd\nc\n'],
    ['a part of a line that is broken into two', 'f(a, b)\n', 'a, ', 'a,\n', 'f(a,\nb)\n'],
    ['at the very end without a line break', 'a\nb', 'b', 'c', 'a\nc'],
    ['umlauts and emoji', 'const s = "schön 🎉"\n', '"schön 🎉"', '"🎉 schön"', 'const s = "🎉 schön"\n'],
    ['characters of regular expressions', 'x = a.b(c)[0] + (d|e)*\n', 'a.b(c)[0] + (d|e)*', 'y', 'x = y\n'],
  ])('%s', (_, text, search, replace, after) => {
    expect(edited(text, search, replace)).toBe(after)
    expect(matchEdit(text, search, replace)).toMatchObject({ how: 'exactly' })
  })

  test('Windows line breaks are kept, whatever the edit has', () => {
    const text = FUNCTION.replaceAll('\n', '\r\n')
    expect(edited(text, '  if (a) {\n    return 1\n  }\n', '  if (!a) {\n    return 1\n  }\n')).toBe(
      text.replace('(a) {\r\n    return', '(!a) {\r\n    return'),
    )
    expect(edited(text, 'if (a) {\n return 1', 'if (b) {\n return 1\n x()')).toBe(
      text.replace('  if (a) {\r\n    return 1', '  if (b) {\r\n    return 1\r\n    x()'),
    )
  })

  test('a lone carriage return in a Unix file is text like any other', () => {
    expect(edited('a = "\r"\nb\n', 'b', 'c')).toBe('a = "\r"\nc\n')
  })
})

describe('but for white space', () => {
  test.each<[string, string, string, string, string]>([
    ['blanks at line ends of the file', 'a()   \nb()\t\nc()\n', 'a()\nb()', 'x()\ny()', 'x()\ny()\nc()\n'],
    ['blanks at line ends of the search', 'a()\nb()\nc()\n', 'a()  \nb() ', 'x()', 'x()\nc()\n'],
    [
      'less indentation in the search',
      FUNCTION,
      'if (a) {\n  return 1\n}',
      'if (a > 0) {\n  return 1\n}',
      FUNCTION.replace('(a) {\n    r', '(a > 0) {\n    r'),
    ],
    [
      'tabs in the file',
      'f() {\n\tif (a) {\n\t\tb()\n\t}\n}\n',
      '  if (a) {\n    b()\n  }',
      '  if (a) {\n    b()\n    c()\n  }',
      'f() {\n\tif (a) {\n\t\tb()\n\t\tc()\n\t}\n}\n',
    ],
    ['deeper lines in a file with tabs', 'f() {\n\ta()\n}\n', '    a()', '    if (x) {\n        a()\n    }', 'f() {\n\tif (x) {\n\t\ta()\n\t}\n}\n'],
    ['blank lines around the search', 'a\n  b\nc\n', '\n\nb\nc\n\n', 'd\ne', 'a\n  d\ne\n'],
    ['spaces inside of a line', 'const a   =  f( 1 )\n', 'const a = f( 1 )', 'const a = f(2)', 'const a = f(2)\n'],
    ['a part of a line', 'const a   =  f( 1 ) // why\n', 'a = f( 1 )', 'a = f(2)', 'const a = f(2) // why\n'],
    ['deleting lines', 'a\n  b  \n  c\nd\n', 'b\nc', '', 'a\nd\n'],
    ['line numbers that were copied', FUNCTION, '2|   if (a) {\n3|     return 1', '2|   if (b) {\n3|     return 1', FUNCTION.replace('if (a)', 'if (b)')],
    ['line numbers in the search alone', FUNCTION, ' 5|   return 2', '  return 7', FUNCTION.replace('return 2', 'return 7')],
  ])('%s', (_, text, search, replace, after) => {
    expect(edited(text, search, replace)).toBe(after)
  })

  test('Python keeps its blocks', () => {
    const text = 'class A:\n    def f(self, x):\n        if x:\n            return 1\n        return 0\n'
    expect(edited(text, 'if x:\n    return 1\nreturn 0', 'if x is not None:\n    if x:\n        return 1\nreturn 0')).toBe(
      'class A:\n    def f(self, x):\n        if x is not None:\n            if x:\n                return 1\n        return 0\n',
    )
  })
})

describe('refuses what is not the only one', () => {
  test.each<[string, string, string, readonly number[]]>([
    ['twice', 'a\nb\na\n', 'a', [1, 3]],
    ['overlapping', 'aaa\n', 'aa', [1, 1]],
    ['twice but for white space', '  x( 1 )\ny\n\tx( 1 )  \n', 'x(  1 )\n', [1, 3]],
    ['blocks', 'if (a) {\n  b()\n}\nif (a) {\n  b()\n}\n', 'if (a) {\nb()\n}', [1, 4]],
    ['fragments', 'f(  1 ); f( 1 )\n', 'f( 1', [1]],
    ['nowhere', 'a\nb\n', 'c', []],
    ['nothing', 'a\n', '', []],
    ['only white space', 'a\n', '  \n', []],
  ])('%s', (_, text, search, lines) => {
    const after = edited(text, search, 'new')
    if (lines.length === 1) expect(after).toBeTypeOf('string')
    else expect(after).toEqual(lines)
  })

  test('an exact match counts before one that only looks alike', () => {
    expect(edited('  a( 1 )\na( 1 )  // x\na(1)\n', 'a(1)', 'b')).toBe('  a( 1 )\na( 1 )  // x\nb\n')
  })
})

describe('the nearest text', () => {
  test('is shown with line numbers', () => {
    expect(nearestText(FUNCTION, 'if (b) {\n  return 1\n}')).toBe('1| function f(a) {\n2|   if (a) {\n3|     return 1\n4|   }\n5|   return 2\n6| }')
  })
  test('is not made up where nothing is like it', () => {
    expect(nearestText(FUNCTION, 'SELECT name FROM users')).toBeUndefined()
  })
  test('of a large file and a long search is found at once', () => {
    const text = Array.from({ length: 20_000 }, (_, line) => `const value${line} = compute(${line})`).join('\n')
    expect(nearestText(text, 'const value15000 = calculate(15000)')).toContain('15000| const value14999 = compute(14999)\n15001| const value15000')
  })
})

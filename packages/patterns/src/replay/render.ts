import type { Entry, Value } from './value.ts'

/** How source text refers to a class of the repository, or `undefined` when it cannot be had. */
export type ClassNames = (type: string, module?: string) => string | undefined
const NO_CLASSES: ClassNames = () => undefined

/** An expression that makes the value again. Equal values give equal text, without addresses or times of day. */
export function renderValue(value: Value, language: 'javascript' | 'python', classes: ClassNames = NO_CLASSES): string {
  return language === 'python' ? python(value, classes) : javascript(value, classes)
}

function javascript(value: Value, classes: ClassNames): string {
  const each = (item: Value) => javascript(item, classes)
  switch (value.is) {
    case 'undefined':
    case 'null':
      return value.is
    case 'boolean':
    case 'number':
      return String(value.value)
    case 'bigint':
      return `${value.value}n`
    case 'decimal':
      return value.value
    case 'string':
      return quoted(value.value)
    case 'function':
      return 'function () { return this }'
    case 'promise':
      return 'Promise.resolve()'
    case 'array':
    case 'tuple':
      return `[${value.items.map(each).join(', ')}]`
    case 'set':
      return value.items.length === 0 ? 'new Set()' : `new Set([${value.items.map(each).join(', ')}])`
    case 'map':
      return value.entries.length === 0 ? 'new Map()' : `new Map([${value.entries.map(([key, item]) => `[${each(key)}, ${each(item)}]`).join(', ')}])`
    case 'bytes':
      return `${value.buffer === true ? 'Buffer' : 'Uint8Array'}.from([${value.items.join(', ')}])`
    case 'object':
      return literal(value.entries, classes)
    case 'instance': {
      const name = classes(value.type, value.module)
      return name === undefined ? literal(value.entries, classes) : `Object.assign(Object.create(${name}.prototype), ${literal(value.entries, classes)})`
    }
    case 'date':
      return value.value === null || Math.abs(value.value) > 8.64e15 ? 'new Date(NaN)' : `new Date(${quoted(new Date(value.value).toISOString())})`
    case 'moment':
      return `new Date(${quoted(value.fields.join('-'))})`
    case 'regexp':
      return `new RegExp(${quoted(value.source)}, ${quoted(value.flags)})`
    case 'error':
      return `new ${ERRORS.has(value.type) ? value.type : 'Error'}(${quoted(value.message)})`
    case 'opaque':
      return '{}'
  }
}

const ERRORS = new Set(['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError'])

function literal(entries: readonly Entry[], classes: ClassNames): string {
  if (entries.length === 0) return '{}'
  const parts = entries.map(
    ([key, item]) => `${key === '__proto__' ? "['__proto__']" : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key)}: ${javascript(item, classes)}`,
  )
  return `{ ${parts.join(', ')} }`
}

function quoted(text: string): string {
  const escaped = text.replace(/[\\'\n\r\t\u2028\u2029\p{Cc}\p{Cf}\p{Cs}]/gu, (character) => {
    const known = ESCAPES[character]
    if (known !== undefined) return known
    // Code points beyond the first plane are two units.
    return Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')
  })
  return `'${escaped}'`
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function python(value: Value, classes: ClassNames): string {
  const each = (item: Value) => python(item, classes)
  const attributes = (entries: readonly Entry[]) => entries.map(([key, item]) => `${key}=${each(item)}`).join(', ')
  switch (value.is) {
    case 'undefined':
    case 'null':
      return 'None'
    case 'boolean':
      return value.value ? 'True' : 'False'
    case 'number':
      if (value.value === '-0') return '-0.0'
      if (typeof value.value === 'string') return `float('${value.value === 'NaN' ? 'nan' : value.value === 'Infinity' ? 'inf' : '-inf'}')`
      return value.float === true && Number.isInteger(value.value)
        ? Math.abs(value.value) < 1e21
          ? `${value.value}.0`
          : String(value.value)
        : String(value.value)
    case 'bigint':
      return value.value
    case 'decimal':
      return `__import__('decimal').Decimal(${pythonQuoted(value.value)})`
    case 'string':
      return pythonQuoted(value.value)
    case 'function':
      return '(lambda *args, **named: None)'
    case 'promise':
    case 'opaque':
      return 'object()'
    case 'array':
      return `[${value.items.map(each).join(', ')}]`
    case 'tuple':
      return value.items.length === 1 ? `(${value.items.map(each).join('')},)` : `(${value.items.map(each).join(', ')})`
    case 'set':
      return value.items.length === 0 ? 'set()' : `{${value.items.map(each).join(', ')}}`
    case 'object':
      return `{${value.entries.map(([key, item]) => `${pythonQuoted(key)}: ${each(item)}`).join(', ')}}`
    case 'map':
      return `{${value.entries.map(([key, item]) => `${each(key)}: ${each(item)}`).join(', ')}}`
    case 'bytes':
      return `bytes([${value.items.join(', ')}])`
    case 'instance': {
      const entries = value.entries.filter(([key]) => /^[A-Za-z_]\w*$/.test(key) && !PYTHON_KEYWORDS.has(key))
      const name = classes(value.type, value.module)
      if (name === undefined) return `__import__('types').SimpleNamespace(${attributes(entries)})`
      if (value.made === true) return `${name}(${attributes(entries)})`
      const fields = entries.map(([key, item]) => `${pythonQuoted(key)}: ${each(item)}`).join(', ')
      return `(lambda made: (made.__dict__.update({${fields}}), made)[1])(object.__new__(${name}))`
    }
    case 'date':
      return value.value === null ? 'None' : `__import__('datetime').datetime.fromtimestamp(${Math.trunc(value.value / 1000)})`
    case 'moment': {
      const zone = value.utc ? ", tzinfo=__import__('datetime').timezone.utc" : ''
      return `__import__('datetime').${value.kind}(${value.fields.slice(0, value.kind === 'date' ? 3 : 7).join(', ')}${zone})`
    }
    case 'regexp':
      return `__import__('re').compile(${pythonQuoted(value.source)})`
    case 'error':
      return `Exception(${pythonQuoted(value.message)})`
  }
}

const PYTHON_KEYWORDS = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)

function pythonQuoted(text: string): string {
  const escaped = text.replace(/[\\'\n\r\t\u2028\u2029\p{Cc}\p{Cf}\p{Cs}]/gu, (character) => {
    const known = ESCAPES[character]
    return known ?? `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`
  })
  return `'${escaped}'`
}

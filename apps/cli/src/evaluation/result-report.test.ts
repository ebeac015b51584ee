import { expect, test } from 'vitest'
import { comparisonReport, conclusion } from './comparison-report.ts'
import { type CaseResult, EvaluationResult } from './evaluation-result.ts'
import { reportOf } from './result-report.ts'
import { NO_FIGURES } from './run-figures.ts'

type Given = Partial<CaseResult> & Pick<CaseResult, 'id' | 'answer'>

function caseResult(given: Given): CaseResult {
  const proposed = given.answer === 'resolved' || given.answer === 'wrong'
  return {
    ...{ title: '', kind: 'off by one', expects: 'fix', reason: proposed ? null : 'no-patch', words: 'the words', run: null, figures: NO_FIGURES },
    ...{ strength: proposed ? 'verified' : null, lane: proposed ? 'patterns' : null, scoredBy: proposed ? 'room' : null },
    ...given,
  }
}

function resultOf(results: readonly Given[], lanes = ['patterns']): EvaluationResult {
  return EvaluationResult.parse({
    ...{ schema: 'https://fixpoint.dev/schema/evaluation-1.json', version: 1, cases: 'fixtures', startedAt: '2024-03-01T10:00:00.000Z' },
    settings: { lanes, budget: { minutes: 5 }, hideTests: false, asked: 'live' },
    leftOut: ['joi-1: lab is not a runner that Fixpoint knows'],
    results: results.map(caseResult),
  })
}

const usage = { inputTokens: 1000, cachedTokens: 3000, cacheWriteTokens: 0, outputTokens: 500 }
const figures = {
  ...NO_FIGURES,
  ...{ attempts: 2, turns: 4, usage, money: 0.0123, seconds: 42, models: ['local/small'], prompts: ['7'] },
  laterInput: { tokens: 2000, cached: 1500 },
  steps: { draft: 30, judge: 12 },
}

test('a report tells what went wrong first, and every share with its interval', () => {
  const result = resultOf([
    { id: 'a', answer: 'resolved', lane: 'cheap', figures, run: 'run_01abcdef' },
    { id: 'b', answer: 'wrong', words: 'a | b\n[c](d) @all', figures: { ...figures, steps: { draft: 10 } } },
    { id: 'c', answer: 'abstained', expects: 'abstain' },
    { id: 'd', answer: 'failed', reason: 'install-failed' },
  ])
  expect(reportOf(result)).toMatchInlineSnapshot(`
    "# Evaluation of fixtures

    lanes patterns · asked local/small (live) · prompts 7 · minutes 5 · begun 2024-03-01 10:00 UTC.

    4 cases: **1 resolved**, **1 wrongly proposed**, 1 abstained (1 as they should), 1 failed.

    Shares are of the cases that were answered, with the 95 % interval (Wilson).

    ## All

    |  | cases | resolved | wrongly proposed | abstained | failed |
    | --- | --- | --- | --- | --- | --- |
    | all | 4 | 1: 33 % (6–79) | 1: 33 % (6–79) | 1 | 1 |

    ## Wrongly proposed

    | case | kind of defect | strength | lane | proposed | run |
    | --- | --- | --- | --- | --- | --- |
    | b | off by one | verified | patterns | a \\| b \\[c\\](d) @​all | – |

    ## Failed: no answer

    | case | reason | words | run |
    | --- | --- | --- | --- |
    | d | install-failed | the words | – |

    ## Resolved

    | case | strength | lane | attempts | turns | tokens | cost | time | run |
    | --- | --- | --- | --- | --- | --- | --- | --- | --- |
    | a | verified | cheap | 2 | 4 | 4,500 | $0.01 | 42 s | \`abcdef\` |

    ## Abstained

    | case | reason | words | tokens | cost | time | run |
    | --- | --- | --- | --- | --- | --- | --- |
    | c | no-patch (as it should) | the words | 0 | $0 | 0.0 s | – |

    ## By kind of defect

    |  | cases | resolved | wrongly proposed | abstained | failed |
    | --- | --- | --- | --- | --- | --- |
    | off by one | 4 | 1: 33 % (6–79) | 1: 33 % (6–79) | 1 | 1 |

    ## By the lane that proposed

    |  | cases | resolved | wrongly proposed | abstained | failed |
    | --- | --- | --- | --- | --- | --- |
    | cheap | 1 | 1: 100 % (21–100) | 0: 0 % (0–79) | 0 | 0 |
    | patterns | 1 | 0: 0 % (0–79) | 1: 100 % (21–100) | 0 | 0 |

    ## By strength of the proposal

    |  | cases | resolved | wrongly proposed | abstained | failed |
    | --- | --- | --- | --- | --- | --- |
    | verified | 2 | 1: 50 % (9–91) | 1: 50 % (9–91) | 0 | 0 |

    ## What it took

    |  | median of a fix | all cases |
    | --- | --- | --- |
    | tokens | 4,500 | 9,000 |
    | cost | $0.01 | $0.02 |
    | turns | 4 | 8 |
    | time | 42 s | 84 s |

    Input from the third turn on that came from a provider’s cache: 75 %.

    ## Time by step

    | step | runs | median | 90 % within |
    | --- | --- | --- | --- |
    | draft | 2 | 20 s | 28 s |
    | judge | 1 | 12 s | 12 s |

    ## Left out

    - joi-1: lab is not a runner that Fixpoint knows
    "
  `)
})

const NONE = { value: 0, low: 0, high: 0 }
const lists = (gained: number, lost: number) => ({ gained: Array(gained).fill('x'), lost: Array(lost).fill('y'), difference: NONE, a: NONE, b: NONE })

test.each([
  [0, lists(0, 0), 1, 'No case was answered by both: there is nothing to compare.'],
  [10, lists(0, 0), 1, '**No difference on 10 cases.** So few would not show one of up to 30 %.'],
  [10, lists(1, 0), 1, '**10 cases are too few to tell.** One flipped; at least 6 have to flip, all the same way, before chance is an unlikely reason.'],
  [40, lists(9, 1), 0.021, '**B resolves more**: 9 that A does not, 1 the other way round (p = 0.021).'],
])('%i cases: %j', (pairs, shift, p, words) => {
  expect(conclusion({ pairs, resolved: { ...shift, p }, wrong: { ...lists(0, 0), p: 1 } })).toBe(words)
})

test('a comparison names the flips and leaves out what one side failed on', () => {
  const a = resultOf([
    { id: 'a', answer: 'abstained' },
    { id: 'b', answer: 'resolved' },
    { id: 'c', answer: 'failed' },
  ])
  const b = resultOf(
    [
      { id: 'a', answer: 'resolved', figures },
      { id: 'b', answer: 'resolved' },
      { id: 'c', answer: 'resolved' },
    ],
    ['patterns', 'cheap (local/small)'],
  )
  expect(comparisonReport(a, b)).toMatchInlineSnapshot(`
    "# B against A

    A: fixtures, lanes patterns · no model was asked · minutes 5 · begun 2024-03-01 10:00 UTC.

    B: fixtures, lanes patterns, cheap (local/small) · asked local/small (live) · prompts 7 · minutes 5 · begun 2024-03-01 10:00 UTC.

    **2 cases are too few to tell.** One flipped; at least 6 have to flip, all the same way, before chance is an unlikely reason.

    |  | A | B | only in B | only in A | difference (95 %) | p |
    | --- | --- | --- | --- | --- | --- | --- |
    | resolved | 50 % (9–91) | 100 % (34–100) | 1 | 0 | +50 points (+0 to +100) | 1.000 |
    | wrongly proposed | 0 % (0–66) | 0 % (0–66) | 0 | 0 | +0 points (+0 to +0) | 1.000 |

    Intervals: paired bootstrap with a fixed seed. p: exact McNemar, two-sided, on the cases that flipped.

    ## Cases that came out otherwise

    | case | A | B |
    | --- | --- | --- |
    | a | abstained | resolved |

    ## What it takes: B minus A, mean of a case

    |  | difference | 95 % |
    | --- | --- | --- |
    | tokens | +2,250 | +0 to +4,500 |
    | cost | +$0.0062 | +$0 to +$0.01 |
    | time | +21 s | +0.0 s to +42 s |

    ## Not compared

    Only one side has them, or failed on them: c.
    "
  `)
})

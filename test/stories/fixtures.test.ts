import { fixtureCases } from './fixture.ts'
import { tellStories } from './tell-stories.ts'

// One fixture of each ending; the others are in the long tests.
const HERE = new Set(['demo-split-the-bill', 'session-store'])
const cases = await fixtureCases()
tellStories(cases.filter((each) => HERE.has(each.name)))

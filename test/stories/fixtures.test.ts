import { fixtureCases } from './fixture.ts'
import { tellStories } from './tell-stories.ts'

// The built command on one fixture, to its diagnosis; the story of the service goes the whole way to a branch, and all fixtures are in the long tests.
const HERE = new Set(['session-store'])
const cases = await fixtureCases()
tellStories(cases.filter((each) => HERE.has(each.name)))

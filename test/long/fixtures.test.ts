import { fixtureCases } from '../stories/fixture.ts'
import { tellStories } from '../stories/tell-stories.ts'

// Every fixture, from its report to what a person gets.
tellStories(await fixtureCases())

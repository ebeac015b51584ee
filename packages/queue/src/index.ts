export { openQueue, type QueueOptions } from './bull-queue.ts'
export { catalogue, type JobName, type Payload } from './catalogue.ts'
export {
  type ConsumeOptions,
  type Consumer,
  Draining,
  type Evidence,
  type Handled,
  type Handlers,
  type JobContext,
  type JobCounts,
  type JobQueue,
  LostLock,
  type QueueLog,
} from './job-queue.ts'

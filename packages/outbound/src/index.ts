export { OutboundSender } from './outbound-sender.ts'
export { type Posted, refusalOf } from './post.ts'
export { isSecret } from './signature.ts'
export type { Subscriber } from './subscriber.ts'

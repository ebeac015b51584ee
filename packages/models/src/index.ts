export { type Reservations, withBudget } from './with-budget.ts'

import { z } from 'zod'

/** A schema as somebody may speak of it: nothing has to be said, and what is not said stays unsaid, so that another may say it. */
export function withoutDefaults<T extends z.ZodObject>(schema: T): z.ZodType<z.input<T>, z.input<T>> {
  const wish = Object.fromEntries(Object.entries(schema.shape).map(([key, each]) => [key, sayable(each).optional()]))
  return z.strictObject(wish) as unknown as z.ZodType<z.input<T>, z.input<T>>
}

function sayable(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) return sayable(schema.unwrap())
  if (schema instanceof z.ZodObject) return withoutDefaults(schema)
  return schema as z.ZodType
}

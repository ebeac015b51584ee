import { z } from 'zod'
import type { Fetch } from './guarded-fetch.ts'

/** Asking must not hold anything up. */
const TIMEOUT_MS = 5000
/** What Ollama serves when nobody told it otherwise. */
const OLLAMA_DEFAULT = 4096

const Listed = z.object({ data: z.array(z.object({ id: z.string(), max_model_len: z.number().optional(), context_length: z.number().optional() })) })
const Props = z.object({ default_generation_settings: z.object({ n_ctx: z.number() }) })
const LmStudio = z.object({ loaded_context_length: z.number().optional(), max_context_length: z.number().optional() })
const OllamaRunning = z.object({ models: z.array(z.object({ name: z.string(), context_length: z.number().optional() })) })
const OllamaModel = z.object({ parameters: z.string().optional(), model_info: z.record(z.string(), z.unknown()) })

/** How many tokens an endpoint serves a model with, where it tells: vLLM, OpenRouter, llama.cpp, LM Studio and Ollama each in their way. */
export async function servedContext(baseUrl: string, model: string, key: string | undefined, fetch: Fetch): Promise<number | undefined> {
  const base = baseUrl.replace(/\/$/, '')
  const root = base.replace(/\/v\d+$/, '')
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const ask = async <T>(schema: z.ZodType<T>, url: string, body?: object): Promise<T | undefined> => {
    try {
      const response = await fetch(url, {
        signal,
        headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      })
      return response.ok ? schema.safeParse(await response.json()).data : void (await response.body?.cancel())
    } catch {
      return undefined
    }
  }
  const listed = (await ask(Listed, `${base}/models`))?.data.find(({ id }) => id === model)
  if (listed?.max_model_len ?? listed?.context_length) return listed?.max_model_len ?? listed?.context_length
  const props = await ask(Props, `${root}/props`)
  if (props !== undefined) return props.default_generation_settings.n_ctx
  const studio = await ask(LmStudio, `${root}/api/v0/models/${encodeURIComponent(model)}`)
  if (studio?.loaded_context_length ?? studio?.max_context_length) return studio?.loaded_context_length ?? studio?.max_context_length
  const own = await ask(OllamaModel, `${root}/api/show`, { model })
  if (own === undefined) return undefined
  const running = (await ask(OllamaRunning, `${root}/api/ps`))?.models.find(({ name }) => name === model || name === `${model}:latest`)
  const told = /^num_ctx\s+(\d+)/m.exec(own.parameters ?? '')?.[1]
  return running?.context_length ?? (told === undefined ? OLLAMA_DEFAULT : Number(told))
}

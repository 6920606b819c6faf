import { language } from '@/shared/words'

type FieldError = { path: string; code: string; message: string }

/** An answer of the server that is no success, or no answer at all (`status` 0, `code` `offline`). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldError[] = [],
  ) {
    super(`${status} ${code}`)
    this.name = 'ApiProblem'
  }
}

export type Query = Record<string, string | number | null | undefined>
type Options = { query?: Query; body?: unknown; form?: FormData; signal?: AbortSignal }

let signedOut: () => void = () => undefined

/** Names what happens when the server no longer knows the session. */
export function onSignedOut(act: () => void): void {
  signedOut = act
}

function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return `/api/v1${path}${text ? `?${text}` : ''}`
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  const said = (body ?? {}) as { code?: string; detail?: string; title?: string; errors?: FieldError[] }
  const code = said.code ?? (response.status >= 500 ? 'internal' : 'unexpected')
  return new ApiProblem(response.status, code, said.detail ?? said.title ?? '', said.errors ?? [])
}

async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { 'Accept-Language': language.value }
  if (method !== 'GET') headers['X-Tahuang'] = '1'
  let body: BodyInit | undefined
  if (options.form) body = options.form
  else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(options.body)
  }
  let response: Response
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body }),
      ...(options.signal ? { signal: options.signal } : {}),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiProblem(0, 'offline', '')
  }
  if (!response.ok) {
    const problem = await problemOf(response)
    if (problem.code === 'not_signed_in') signedOut()
    throw problem
  }
  return (response.status === 204 ? undefined : await response.json()) as T
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  request<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) })
export const post = <T>(path: string, body: unknown = {}): Promise<T> => request<T>('POST', path, { body })
export const postForm = <T>(path: string, form: FormData): Promise<T> => request<T>('POST', path, { form })
export const remove = (path: string): Promise<void> => request<void>('DELETE', path)

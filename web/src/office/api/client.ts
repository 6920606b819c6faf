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

/** The whole address of something of the API, for links and pictures. */
export function addressOf(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return `/api/v1${path}${text ? `?${text}` : ''}`
}

function problemOf(status: number, body: unknown): ApiProblem {
  const said = (body ?? {}) as { code?: string; detail?: string; title?: string; errors?: FieldError[] }
  const code = said.code ?? (status >= 500 ? 'internal' : 'unexpected')
  const problem = new ApiProblem(status, code, said.detail ?? said.title ?? '', said.errors ?? [])
  if (problem.code === 'not_signed_in') signedOut()
  return problem
}

/** A request that changes something says that it comes from a page of this server. */
function headersOf(method: string): Record<string, string> {
  return { 'Accept-Language': language.value, ...(method === 'GET' ? {} : { 'X-Tahuang': '1' }) }
}

async function ask(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers = headersOf(method)
  let body: BodyInit | undefined
  if (options.form) body = options.form
  else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(options.body)
  }
  let response: Response
  try {
    response = await fetch(addressOf(path, options.query), {
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
  if (!response.ok) throw problemOf(response.status, await response.json().catch(() => null))
  return response
}

async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await ask(method, path, options)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Asks for a paper and saves it under the name that the server gives it; a problem is told like any other. */
export async function savePaper(path: string, query: Query = {}): Promise<void> {
  const response = await ask('GET', path, { query })
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')
  const address = URL.createObjectURL(await response.blob())
  const link = Object.assign(document.createElement('a'), { href: address, download: decodeURIComponent(named?.[1] ?? 'paper.pdf') })
  link.click()
  // The browser has taken the bytes by then; they would stay in memory for as long as the page is open.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  request<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) })
export const post = <T>(path: string, body: unknown = {}): Promise<T> => request<T>('POST', path, { body })
export const postForm = <T>(path: string, form: FormData): Promise<T> => request<T>('POST', path, { form })
export const remove = (path: string): Promise<void> => request<void>('DELETE', path)

/** Posts bytes as they are, and tells how much of them is sent: `fetch` does not say that. */
export function sendBytes<T>(path: string, query: Query, bytes: Blob, progress: (percent: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const line = new XMLHttpRequest()
    line.open('POST', addressOf(path, query))
    const headers = { ...headersOf('POST'), 'Content-Type': 'application/octet-stream' }
    for (const [name, value] of Object.entries(headers)) line.setRequestHeader(name, value)
    line.responseType = 'json'
    line.upload.onprogress = (event) => progress(Math.round((event.loaded / Math.max(1, event.total)) * 100))
    line.onabort = line.ontimeout = line.onerror = () => reject(new ApiProblem(0, 'offline', ''))
    line.onload = () => {
      if (line.status >= 200 && line.status < 300) resolve(line.response as T)
      else reject(problemOf(line.status, line.response))
    }
    line.send(bytes)
  })
}

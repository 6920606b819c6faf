import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'

import { ApiProblem } from './client'

function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  console.error(error)
  return new ApiProblem(500, 'unexpected', '')
}

type Loaded<T> = {
  data: ShallowRef<T | null>
  problem: ShallowRef<ApiProblem | null>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/**
 * Loads something for as long as the component lives, and again whenever `depends` changes. What was shown stays until
 * the new answer is there; an answer that comes too late is dropped. When what was asked for anew does not come, the old
 * answer goes too: it is about something else.
 */
export function useLoad<T>(
  load: (signal: AbortSignal) => Promise<T>,
  depends: () => unknown = () => null,
  beforeChange: () => void = () => undefined,
): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(false)
  let running: AbortController | null = null
  /** Whether `data` answers what is asked for. */
  let answered = false

  async function reload(): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    loading.value = true
    try {
      const answer = await load(mine.signal)
      if (mine.signal.aborted) return
      data.value = answer
      problem.value = null
      answered = true
    } catch (error) {
      if (mine.signal.aborted) return
      if (!answered) data.value = null
      problem.value = asProblem(error)
    } finally {
      if (running === mine) loading.value = false
    }
  }

  async function changed(): Promise<void> {
    beforeChange()
    answered = false
    problem.value = null
    await reload()
  }

  watch(() => JSON.stringify(depends()), changed, { immediate: true })
  onScopeDispose(() => running?.abort())
  return { data, problem, loading, reload }
}

type Paged<T, P> = {
  items: ShallowRef<T[]>
  /** The newest page with all that stands beside its items. */
  page: ShallowRef<P | null>
  problem: ShallowRef<ApiProblem | null>
  loading: Ref<boolean>
  reload: () => Promise<void>
  /** Asks again for what did not come, be it the beginning or the next page. */
  retry: () => Promise<void>
  more: () => Promise<void>
}

/** Like `useLoad` for a list that comes in pages: `more` adds the next one. */
export function usePages<T, P extends { items: T[]; next: string | null }>(
  load: (cursor: string | null, signal: AbortSignal) => Promise<P>,
  depends: () => unknown = () => null,
): Paged<T, P> {
  const items = shallowRef<T[]>([])
  const cursor = ref<string | null>(null)
  const start = (): void => {
    cursor.value = null
  }
  async function loadPage(signal: AbortSignal): Promise<P> {
    const asked = cursor.value
    const answer = await load(asked, signal)
    items.value = asked === null ? answer.items : [...items.value, ...answer.items]
    return answer
  }
  const { data: page, problem, loading, reload: again } = useLoad(loadPage, depends, start)

  watch(page, (now) => {
    if (now === null) items.value = []
  }, { flush: 'sync' })

  async function reload(): Promise<void> {
    start()
    await again()
  }
  async function more(): Promise<void> {
    if (!page.value?.next || loading.value) return
    cursor.value = page.value.next
    await again()
  }
  return { items, page, problem, loading, reload, retry: again, more }
}

import { onScopeDispose, readonly, ref, shallowRef } from 'vue'

import type { Change } from '@/office/api/types'

export type SeenChange = Change & { seen: Date }
export type Line = 'connecting' | 'open' | 'lost'

const KEPT = 30
const line = ref<Line>('connecting')
const recent = shallowRef<SeenChange[]>([])
/** Told what happened, or nothing when that is not known. */
type Listener = (change: Change | null) => void
const listeners = new Set<Listener>()
/** Changes that this page sent itself: it has read anew what they changed. */
const own = new Set<string>()
const OWN_MAX = 5000
const keyOf = (prefecture: string, position: number): string => `${prefecture} ${position}`
let source: EventSource | null = null

// A browser comes back by itself after a broken line, but not after an answer that is no stream: a server that is starting,
// or has too many listeners.
const AGAIN_MS = 3000
const AGAIN_MS_MAX = 60_000
let againMs = AGAIN_MS
let again: ReturnType<typeof setTimeout> | null = null

function tell(change: Change | null = null): void {
  for (const listener of listeners) listener(change)
}

/** Notes what the server said that this page's own commands became. */
export function noteOwn(prefecture: string, positions: number[]): void {
  if (own.size > OWN_MAX) own.clear()
  for (const position of positions) own.add(keyOf(prefecture, position))
}

function open(): void {
  if (source) return
  source = new EventSource('/api/v1/changes')
  source.onopen = () => {
    againMs = AGAIN_MS
    // What happened while nobody listened has to be read.
    if (line.value === 'lost') tell()
    line.value = 'open'
  }
  source.onerror = () => {
    line.value = 'lost'
    if (source?.readyState === EventSource.CLOSED) openLater()
  }
  source.addEventListener('change', (event: MessageEvent<string>) => {
    const change = JSON.parse(event.data) as Change
    if (recent.value.some((seen) => seen.prefecture === change.prefecture && seen.position === change.position)) return
    recent.value = [{ ...change, seen: new Date() }, ...recent.value].slice(0, KEPT)
    tell(change)
  })
  // More happened than is told one by one: what is shown has to be read again.
  source.addEventListener('lagged', () => tell())
}

function openLater(): void {
  source = null
  again = setTimeout(open, againMs)
  againMs = Math.min(2 * againMs, AGAIN_MS_MAX)
}

function close(): void {
  if (again) clearTimeout(again)
  again = null
  source?.close()
  source = null
  line.value = 'connecting'
}

// A browser allows few connections to one host: a page nobody looks at gives its own back.
function followVisibility(): void {
  if (document.hidden) close()
  else {
    open()
    tell()
  }
}

export function startChanges(): void {
  document.addEventListener('visibilitychange', followVisibility)
  if (!document.hidden) open()
}

export function stopChanges(): void {
  document.removeEventListener('visibilitychange', followVisibility)
  close()
  recent.value = []
  own.clear()
}

export function useChanges() {
  return { line: readonly(line), recent }
}

/** How long to wait for what is written after a change: a notice, a message on its way out. */
export const AFTER_CHANGE_MS = 3000

/** Acts after changes came in, at most once in a while: an import brings thousands. */
export function whenChanged(act: () => void, waitMs = 2000): void {
  let waiting: ReturnType<typeof setTimeout> | null = null
  const listener = (): void => {
    waiting ??= setTimeout(() => {
      waiting = null
      act()
    }, waitMs)
  }
  listeners.add(listener)
  onScopeDispose(() => {
    listeners.delete(listener)
    if (waiting) clearTimeout(waiting)
  })
}

/**
 * Like `whenChanged`, but not for what this page did itself. Whose a change is, is asked only when the wait is over: it may
 * be told before the command that made it is answered.
 */
export function whenOthersChanged(act: () => void): void {
  const seen: (string | null)[] = []
  const listener = (change: Change | null): void => {
    seen.push(change && keyOf(change.prefecture, change.position))
  }
  listeners.add(listener)
  onScopeDispose(() => listeners.delete(listener))
  whenChanged(() => {
    const others = seen.splice(0).some((key) => key === null || !own.has(key))
    if (others) act()
  })
}

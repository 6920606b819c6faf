import { onScopeDispose, watch } from 'vue'

/**
 * Asks again and again while something runs, as far as is known: an answer that is lost on the way does not end it.
 * `ask` says nothing of what goes wrong; what it learns decides whether it is asked once more.
 */
export function usePolled(running: () => boolean, ask: () => Promise<void>, everyMs = 1000): void {
  let waiting: ReturnType<typeof setTimeout> | null = null
  let left = false

  async function turn(): Promise<void> {
    await ask()
    waiting = null
    arm()
  }
  function arm(): void {
    if (!left && waiting === null && running()) waiting = setTimeout(() => void turn(), everyMs)
  }

  watch(running, arm, { immediate: true })
  onScopeDispose(() => {
    left = true
    if (waiting !== null) clearTimeout(waiting)
  })
}

import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

const CASE_STATES = ['reported', 'accepted', 'assigned', 'in_hand', 'paused', 'done', 'checked', 'closed', 'declined', 'merged']

/** The states of a case in the order of its life. */
export const caseStates: readonly string[] = CASE_STATES
/** States in which somebody still has to do something. */
export const openStates: readonly string[] = CASE_STATES.slice(0, 7)
/** All of these at once, as the filter and the address of the page call it. */
export const OPEN = 'open'
/** What the server is asked for. */
export const statesAsked = (state: string): string => (state === OPEN ? openStates.join(',') : state)

/** Kind, state and words of the list, kept in the page's address so that a filtered list can be sent to a colleague. */
export function useCaseFilters() {
  const route = useRoute()
  const router = useRouter()
  const text = (name: string) => computed(() => (typeof route.query[name] === 'string' ? String(route.query[name]) : ''))
  const kind = text('kind')
  const state = text('state')
  const q = text('q')

  function set(name: 'kind' | 'state' | 'q', value: string): void {
    const { [name]: _before, ...rest } = route.query
    void router.replace({ query: value ? { ...rest, [name]: value } : rest })
  }
  function clear(): void {
    const { kind: _kind, state: _state, q: _q, ...rest } = route.query
    void router.replace({ query: rest })
  }
  const filtered = computed(() => Boolean(kind.value || state.value || q.value))
  return { kind, state, q, set, clear, filtered }
}

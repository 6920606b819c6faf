import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { readTodo } from '@/office/api/calls'
import type { Todo, TodoItem, TodoPageName, Urgency } from '@/office/api/types'
import { usePages } from '@/office/api/useLoad'
import { usePlace } from '@/office/area/usePlace'
import { whenOthersChanged } from '@/office/live/useChanges'

export const todoPages: readonly TodoPageName[] = ['mine', 'waiting', 'escalated', 'area']
export const urgencies: readonly Urgency[] = ['late', 'soon', 'later']

/** Rows that are read at once, and how many of those that were shown are read again after a step. */
const ROWS = 50
const ROWS_MAX = 500

/** What is to be done, by whose work it is and how urgent, both kept in the page's address. */
export function useTodo() {
  const route = useRoute()
  const router = useRouter()
  const { code: area } = usePlace()

  const asked = computed(() => todoPages.find((page) => page === route.query.page) ?? null)
  const urgency = computed(() => urgencies.find((one) => one === route.query.urgency) ?? null)
  /** Where nothing is asked for: one's own work when there is any, else the area's; settled once, so that the list stays. */
  const settled = ref<TodoPageName | null>(null)
  const shown = computed(() => asked.value ?? settled.value ?? 'mine')
  /** Somebody else did something since the list was read. */
  const changed = ref(false)
  let rows = ROWS

  async function load(cursor: string | null, signal: AbortSignal): Promise<Todo> {
    changed.value = false
    const query = { area: area.value, urgency: urgency.value, cursor, limit: rows }
    if (asked.value || settled.value) return readTodo({ ...query, page: shown.value }, signal)
    const mine = await readTodo({ ...query, page: 'mine' }, signal)
    if (mine.pages.mine > 0) {
      settled.value = 'mine'
      return mine
    }
    const ofArea = await readTodo({ ...query, page: 'area' }, signal)
    settled.value = 'area'
    return ofArea
  }
  const { items, page, problem, loading, reload, retry, more } = usePages<TodoItem, Todo>(load, () => [
    asked.value,
    urgency.value,
    area.value,
  ])
  whenOthersChanged(() => (changed.value = true))

  /** Reads again as much as is shown. */
  async function readAgain(): Promise<void> {
    rows = Math.min(ROWS_MAX, Math.max(ROWS, items.value.length))
    const reading = reload()
    rows = ROWS
    await reading
  }

  const ticked = ref(new Set<string>())
  watch([asked, urgency, area], () => (ticked.value = new Set()))
  watch(items, (now) => {
    const there = new Set(now.map((item) => item.id))
    ticked.value = new Set([...ticked.value].filter((id) => there.has(id)))
  })

  function showWhose(page: TodoPageName): void {
    const { urgency: _before, ...rest } = route.query
    void router.replace({ query: { ...rest, page } })
  }
  function showUrgency(one: Urgency | null): void {
    const { urgency: _before, ...rest } = route.query
    void router.replace({ query: one ? { ...rest, urgency: one } : rest })
  }
  return { shown, urgency, changed, items, page, problem, loading, readAgain, retry, more, ticked, showWhose, showUrgency }
}

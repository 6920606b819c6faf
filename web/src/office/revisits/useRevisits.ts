import { computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { readDraws, readRevisits } from '@/office/api/calls'
import type { RevisitItem, RevisitList, Revisits } from '@/office/api/types'
import { useLoad, usePages } from '@/office/api/useLoad'
import { usePlace } from '@/office/area/usePlace'
import { whenOthersChanged } from '@/office/live/useChanges'

export type RevisitTab = 'waiting' | 'appeals' | 'draws'
const tabs: readonly RevisitTab[] = ['waiting', 'appeals', 'draws']

/** Rows that are read at once, and how many of those that were shown are read again after a step. */
const ROWS = 50
const ROWS_MAX = 500

/** What the page shows, kept in its address: a tab, or one draw with its cases still to be called about or those over. */
export function useRevisits() {
  const route = useRoute()
  const router = useRouter()
  const { code: area } = usePlace()

  const draw = computed(() => (typeof route.query.draw === 'string' ? route.query.draw : null))
  const tab = computed<RevisitTab>(() => (draw.value ? 'draws' : (tabs.find((one) => one === route.query.tab) ?? 'waiting')))
  const over = computed(() => draw.value !== null && route.query.list === 'over')
  const list = computed<RevisitList>(() => (over.value ? 'over' : tab.value === 'appeals' ? 'appeals' : 'waiting'))
  const changed = ref(false)
  let rows = ROWS

  const cases = usePages<RevisitItem, Revisits>(
    (cursor, signal) => {
      changed.value = false
      return readRevisits({ list: list.value, draw: draw.value, area: area.value, cursor, limit: rows }, signal)
    },
    () => [list.value, draw.value, area.value],
  )
  const draws = useLoad((signal) => readDraws(area.value, signal), () => area.value)
  const chosen = computed(() => draws.data.value?.items.find((one) => one.id === draw.value) ?? null)
  whenOthersChanged(() => (changed.value = true))

  /** Reads again as much as is shown. */
  async function readAgain(): Promise<void> {
    rows = Math.min(ROWS_MAX, Math.max(ROWS, cases.items.value.length))
    const reading = Promise.all([cases.reload(), draws.reload()])
    rows = ROWS
    await reading
  }

  function showTab(one: RevisitTab): void {
    const { draw: _draw, list: _list, tab: _tab, ...rest } = route.query
    void router.replace({ query: one === 'waiting' ? rest : { ...rest, tab: one } })
  }
  function showDraw(id: string, part: 'waiting' | 'over'): void {
    const { tab: _tab, list: _list, ...rest } = route.query
    void router.push({ query: part === 'over' ? { ...rest, draw: id, list: part } : { ...rest, draw: id } })
  }
  return { tab, draw, over, list, changed, cases, draws, chosen, readAgain, showTab, showDraw }
}

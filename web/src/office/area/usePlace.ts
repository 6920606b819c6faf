import { computed, reactive, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { readAreas } from '@/office/api/calls'
import type { AreaRef } from '@/office/api/types'
import { useSession } from '@/office/session/useSession'

const known = reactive(new Map<string, AreaRef>())
const chosen = ref<string | null>(null)

/** Keeps the names of areas that answers bring along, so that a code in an address can be shown as a name. */
export function learnArea(area: AreaRef): void {
  known.set(area.code, area)
}

export function forgetAreas(): void {
  known.clear()
  chosen.value = null
}

/** An area's name once it is known; asks for it otherwise. */
export function areaName(code: string): string {
  const area = known.get(code)
  if (area) return area.name
  known.set(code, { code, name: '…', level: 'village' })
  readAreas(code).then(
    (answer) => learnArea(answer.area),
    () => learnArea({ code, name: code, level: 'village' }),
  )
  return '…'
}

/** Whether a code is that of an area of the highest level: the digits of a prefecture are left open. */
export const isRegion = (area: string): boolean => area.slice(2, 4) === '00'

/** The journal that records of an area go to: one for each prefecture, the first four digits of the code. */
export function prefectureOf(area: string): string {
  return area.length >= 4 && !isRegion(area) ? `${area.slice(0, 4)}00000000` : area
}

/** The area the reader looks at: `?area=` of the page, kept while going from page to page; the account's own at first. */
export function usePlace() {
  const route = useRoute()
  const router = useRouter()
  const { session } = useSession()

  const scope = computed(() => session.value?.scope ?? null)
  const inAddress = computed(() => (typeof route.query.area === 'string' ? route.query.area : null))
  const code = computed(() => inAddress.value ?? chosen.value ?? scope.value?.code ?? '')
  const name = computed(() => (code.value === scope.value?.code ? scope.value.name : areaName(code.value)))
  const query = computed((): Record<string, string> => {
    if (!code.value || code.value === scope.value?.code) return {}
    return { area: code.value }
  })

  watch(inAddress, (area) => {
    if (area) chosen.value = area
  }, { immediate: true })

  async function choose(area: AreaRef): Promise<void> {
    learnArea(area)
    chosen.value = area.code === scope.value?.code ? null : area.code
    const { area: _before, ...rest } = route.query
    await router.push({ query: chosen.value ? { ...rest, area: chosen.value } : rest })
  }

  return { scope, code, name, query, choose }
}

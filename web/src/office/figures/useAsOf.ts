import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** `?at=` of the page: a day, a journal position, or nothing for now. */
export function useAsOf() {
  const route = useRoute()
  const router = useRouter()
  const at = computed(() => (typeof route.query.at === 'string' && route.query.at ? route.query.at : null))
  const query = computed((): Record<string, string> => {
    if (!at.value) return {}
    return { at: at.value }
  })

  async function choose(moment: string | null): Promise<void> {
    const { at: _before, ...rest } = route.query
    await router.push({ query: moment ? { ...rest, at: moment } : rest })
  }
  return { at, query, choose }
}

export const isDay = (at: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(at)

import { computed } from 'vue'

import { readHandlers } from '@/office/api/calls'
import type { HandlerItem } from '@/office/api/types'
import { useLoad } from '@/office/api/useLoad'

/** The record that a form is about, for inputs that choose among what fits it. */
export type About = { id: string; kind: string; area: string }

/** Who may handle a case, the nearest first; nobody where the list does not come, so that a name can still be typed in. */
export function useHandlers(about: () => About) {
  const { data } = useLoad((signal) => readHandlers(about().kind, about().area, signal), () => [about().kind, about().area])
  const handlers = computed<HandlerItem[]>(() => data.value ?? [])
  return { handlers }
}

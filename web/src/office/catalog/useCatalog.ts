import { shallowRef } from 'vue'

import { readCatalog } from '@/office/api/calls'
import type { Catalog } from '@/office/api/types'

const catalog = shallowRef<Catalog | null>(null)
let asking: Promise<Catalog> | null = null

/** The catalog is large and changes only with a new release: one request for each language. */
export async function loadCatalog(): Promise<Catalog> {
  asking ??= readCatalog()
  try {
    catalog.value = await asking
    return catalog.value
  } catch (error) {
    asking = null
    throw error
  }
}

export function forgetCatalog(): void {
  catalog.value = null
  asking = null
}

/** The catalog once it is there; pages that only show names do without it until then. */
export function useCatalog() {
  if (!catalog.value) loadCatalog().catch(() => undefined)
  const kindName = (code: string): string => catalog.value?.kinds.find((kind) => kind.code === code)?.name ?? code
  const eventName = (code: string): string => catalog.value?.events.find((event) => event.code === code)?.name ?? code
  return { catalog, eventName, kindName }
}

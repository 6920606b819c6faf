import { ref, shallowRef } from 'vue'

import { previewImport, readImport, runImport } from '@/office/api/calls'
import { explain } from '@/office/api/explain'
import { useLoad } from '@/office/api/useLoad'
import { usePolled } from '@/office/api/usePolled'
import type { Import } from '@/office/api/types'

/** One import through its life: previewed (and previewed again with other columns), running, done or failed. */
export function useImport(id: string) {
  const fresh = shallowRef<Import | null>(null)
  const said = ref('')
  const busy = ref(false)

  const { problem, reload } = useLoad(async (signal) => {
    const answer = await readImport(id, signal)
    fresh.value = answer
    return answer
  })
  usePolled(() => fresh.value?.state === 'running', reload)

  async function doing(act: () => Promise<Import>): Promise<void> {
    busy.value = true
    said.value = ''
    try {
      fresh.value = await act()
    } catch (error) {
      said.value = explain(error)
    } finally {
      busy.value = false
    }
  }

  return {
    found: fresh,
    problem,
    said,
    busy,
    reload,
    run: () => doing(() => runImport(id)),
    preview: (headings: Record<string, string>) => doing(() => previewImport(id, headings)),
  }
}

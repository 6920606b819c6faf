import { onScopeDispose, ref, shallowRef } from 'vue'

import { previewImport, readImport, runImport } from '@/office/api/calls'
import { explain } from '@/office/api/explain'
import { useLoad } from '@/office/api/useLoad'
import type { Import } from '@/office/api/types'

const POLL_MS = 300

/** One import through its life: previewed (and previewed again with other columns), running, done or failed. */
export function useImport(id: string) {
  const fresh = shallowRef<Import | null>(null)
  const said = ref('')
  const busy = ref(false)
  let polling: ReturnType<typeof setTimeout> | null = null

  const { problem, reload } = useLoad(async (signal) => {
    const answer = await readImport(id, signal)
    show(answer)
    return answer
  })

  function show(answer: Import): void {
    fresh.value = answer
    if (polling) clearTimeout(polling)
    polling = answer.state === 'running' ? setTimeout(() => void reload(), POLL_MS) : null
  }

  async function doing(act: () => Promise<Import>): Promise<void> {
    busy.value = true
    said.value = ''
    try {
      show(await act())
    } catch (error) {
      said.value = explain(error)
    } finally {
      busy.value = false
    }
  }
  onScopeDispose(() => polling && clearTimeout(polling))

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

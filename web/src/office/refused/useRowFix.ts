import { computed, ref } from 'vue'

import { fixLedgerRow, setLedgerRowAside } from '@/office/api/calls'
import { ApiProblem } from '@/office/api/client'
import { explain } from '@/office/api/explain'
import type { LedgerRow } from '@/office/api/types'

/** Mending one refused row: only cells that were changed are sent. */
export function useRowFix(row: () => LedgerRow, changed: (row: LedgerRow) => void) {
  const editing = ref(false)
  const texts = ref<Record<string, string>>({})
  const busy = ref(false)
  const problem = ref<ApiProblem | null>(null)
  const said = ref('')

  const edits = computed(() => {
    return Object.fromEntries(
      row().cells.flatMap(({ heading, text }) => {
        const now = texts.value[heading] ?? text
        return now === text ? [] : [[heading, now]]
      }),
    )
  })

  function edit(): void {
    texts.value = Object.fromEntries(row().cells.map((cell) => [cell.heading, cell.text]))
    editing.value = true
  }
  function leave(): void {
    editing.value = false
    problem.value = null
    said.value = ''
  }

  async function doing(act: () => Promise<LedgerRow>): Promise<void> {
    busy.value = true
    problem.value = null
    said.value = ''
    try {
      const answer = await act()
      leave()
      changed(answer)
    } catch (error) {
      problem.value = error instanceof ApiProblem ? error : null
      said.value = explain(error)
    } finally {
      busy.value = false
    }
  }

  return {
    editing,
    texts,
    busy,
    problem,
    said,
    edits,
    edit,
    leave,
    save: () => doing(() => fixLedgerRow(row().id, edits.value)),
    setAside: (reason: string) => doing(() => setLedgerRowAside(row().id, reason)),
  }
}

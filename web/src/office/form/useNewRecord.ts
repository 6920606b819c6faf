import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { useRouter } from 'vue-router'

import { ApiProblem } from '@/office/api/client'
import { explain } from '@/office/api/explain'
import { CommandSlip } from '@/office/api/sendCommand'
import type { Need } from '@/office/api/types'
import { useCatalog } from '@/office/catalog/useCatalog'
import { uuidv7 } from '@/shared/uuidv7'

import { complete, emptyInputs, inputsToSend } from './inputs'

/** What a dialog for new records of a shape is about. */
type About = {
  shape: string
  /** What the choice of its kind is called. */
  kindName: () => string
  area: () => string
  open: Ref<boolean>
  /** What every kind of the shape asks for. */
  common: ComputedRef<Need[]>
}

/**
 * A new record of a shape: its kind, what every kind asks for, and the fields of the kind. Sent again after an error, it is
 * the same record; once it is there, its page opens.
 */
export function useNewRecord({ shape, kindName, area, open, common: commonNeeds }: About) {
  const router = useRouter()
  const { catalog } = useCatalog()
  const kind = ref('')
  const common = ref<Record<string, string>>({})
  const extra = ref<Record<string, string>>({})
  const problem = ref<ApiProblem | null>(null)
  const said = ref('')
  const sending = ref(false)
  let slip = new CommandSlip()
  let subject = uuidv7()

  const kinds = computed(() => catalog.value?.kinds.filter((one) => one.shape === shape) ?? [])
  const kindNeed = computed<Need>(() => ({ code: 'kind', name: kindName(), type: 'choice', required: true, choices: kinds.value }))
  const fields = computed(() => kinds.value.find((one) => one.code === kind.value)?.fields ?? [])
  const ready = computed(
    () => kind.value !== '' && complete(commonNeeds.value, common.value) && complete(fields.value, extra.value),
  )

  watch(open, () => {
    kind.value = ''
    common.value = { ...emptyInputs(commonNeeds.value), area: area() }
    problem.value = null
    said.value = ''
    slip = new CommandSlip()
    subject = uuidv7()
  }, { immediate: true })
  watch(fields, (needs) => (extra.value = emptyInputs(needs)))
  // What comes to be asked for meanwhile begins empty; what was typed stays.
  watch(commonNeeds, (needs) => (common.value = { ...emptyInputs(needs), ...common.value }))

  const problemAt = (code: string): string | undefined =>
    problem.value?.errors.some((error) => error.path === code) ? said.value : undefined

  async function send(type: string): Promise<void> {
    if (!ready.value) return
    sending.value = true
    problem.value = null
    said.value = ''
    const personal = inputsToSend(fields.value.filter((field) => field.personal), extra.value)
    try {
      await slip.send(common.value.area!, {
        type,
        subject,
        kind: kind.value,
        ...inputsToSend(commonNeeds.value, common.value),
        fields: inputsToSend(fields.value.filter((field) => !field.personal), extra.value),
        ...(Object.keys(personal).length > 0 ? { personal } : {}),
      })
      open.value = false
      await router.push({ name: 'record', params: { id: subject } })
    } catch (error) {
      problem.value = error instanceof ApiProblem ? error : null
      said.value = explain(error)
    } finally {
      sending.value = false
    }
  }

  return { kind, kindNeed, common, extra, fields, ready, said, sending, problemAt, send }
}

import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/theme-chalk/el-message.css'
import { ref, shallowRef } from 'vue'

import { readSubject } from '@/office/api/calls'
import { explain } from '@/office/api/explain'
import { BatchSlip, refusalOf } from '@/office/api/sendCommand'
import type { Step, Subject, TodoItem, TodoStep } from '@/office/api/types'
import { word } from '@/shared/words'

/** What became of a step that was sent for many cases. */
export type BulkResult = { step: string; done: number; refused: { id: string; title: string; why: string }[] }

/** Does steps from the list: a plain one at once, one that asks for something in its dialog, and plain ones for many cases. */
export function useTodoSteps(readAgain: () => Promise<void>) {
  /** The case that a step is on its way for. */
  const busy = ref<string | null>(null)
  const sending = ref(false)
  const subject = shallowRef<Subject | null>(null)
  const step = shallowRef<Step | null>(null)
  const bulk = shallowRef<BulkResult | null>(null)
  const slip = new BatchSlip()

  const textOf = (item: TodoItem, { command }: TodoStep) => ({ type: command, subject: item.id, revision: item.revision })

  async function sendPlain(item: TodoItem, one: TodoStep): Promise<void> {
    const [result] = await slip.send(item.area.code, [textOf(item, one)])
    const refusal = refusalOf(result)
    if (refusal) throw refusal
    ElMessage.success(word('todo-step-done', { step: one.name, title: item.title }))
    await readAgain()
  }

  async function openDialog(item: TodoItem, one: TodoStep): Promise<void> {
    const record = await readSubject(item.id)
    const asked = record.steps.find(({ command }) => command === one.command)
    if (!asked) {
      ElMessage.warning(word('problem-step-not-open'))
      await readAgain()
      return
    }
    subject.value = record
    step.value = asked
  }

  async function act(item: TodoItem, one: TodoStep): Promise<void> {
    if (busy.value) return
    busy.value = item.id
    bulk.value = null
    try {
      await (one.plain ? sendPlain(item, one) : openDialog(item, one))
    } catch (error) {
      ElMessage.error({ message: explain(error), duration: 8000, showClose: true })
      await readAgain()
    } finally {
      busy.value = null
    }
  }

  /** The ids of those that were refused, or of all when the answer did not come. */
  async function actOnAll(items: TodoItem[], one: TodoStep): Promise<string[]> {
    if (items.length === 0 || sending.value) return []
    sending.value = true
    bulk.value = null
    try {
      const results = await slip.send(items[0]!.area.code, items.map((item) => textOf(item, one)))
      const refused = items.flatMap(({ id, title }, index) => {
        const refusal = refusalOf(results[index])
        return refusal ? { id, title, why: explain(refusal) } : []
      })
      bulk.value = { step: one.name, done: items.length - refused.length, refused }
      return refused.map(({ id }) => id)
    } catch (error) {
      ElMessage.error({ message: explain(error), duration: 8000, showClose: true })
      return items.map(({ id }) => id)
    } finally {
      sending.value = false
    }
  }

  async function dialogDone(): Promise<void> {
    step.value = null
    await readAgain()
  }
  return { busy, sending, subject, step, bulk, act, actOnAll, dialogDone }
}

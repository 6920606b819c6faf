import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/theme-chalk/el-message.css'
import { computed, ref, shallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { readBoard, readSubject } from '@/office/api/calls'
import { explain } from '@/office/api/explain'
import type { BoardCase, BoardCases, Stage, Step, Subject } from '@/office/api/types'
import { usePages } from '@/office/api/useLoad'
import { usePlace } from '@/office/area/usePlace'
import { whenOthersChanged } from '@/office/live/useChanges'
import { word } from '@/shared/words'

export const stages: readonly Stage[] = ['review', 'publish', 'free', 'claimed', 'fulfilled']

/** Cases on their way to the public board and over it; the stage is kept in the page's address. */
export function useBoard() {
  const route = useRoute()
  const router = useRouter()
  const { code: area } = usePlace()
  const stage = computed<Stage>(() => stages.find((one) => one === route.query.stage) ?? 'review')
  /** Somebody else did something since the list was read. */
  const changed = ref(false)

  const pages = usePages<BoardCase, BoardCases>(
    (cursor, signal) => {
      changed.value = false
      return readBoard({ stage: stage.value, area: area.value, cursor, limit: 50 }, signal)
    },
    () => [stage.value, area.value],
  )
  whenOthersChanged(() => (changed.value = true))

  function show(one: Stage): void {
    void router.replace({ query: { ...route.query, stage: one } })
  }

  const busy = ref<string | null>(null)
  const subject = shallowRef<Subject | null>(null)
  const step = shallowRef<Step | null>(null)

  /** Opens the dialog of a step, with the record as it stands. */
  async function act({ id }: { id: string }, command: string): Promise<void> {
    if (busy.value) return
    busy.value = id
    try {
      const record = await readSubject(id)
      const asked = record.steps.find((one) => one.command === command)
      if (!asked) {
        ElMessage.warning(word('problem-step-not-open'))
        return await pages.reload()
      }
      subject.value = record
      step.value = asked
    } catch (error) {
      ElMessage.error({ message: explain(error), duration: 8000, showClose: true })
    } finally {
      busy.value = null
    }
  }
  async function done(): Promise<void> {
    step.value = null
    await pages.reload()
  }
  return { ...pages, area, stage, changed, show, busy, subject, step, act, done }
}

import { ref } from 'vue'

import { sendWorkbook } from '@/office/api/calls'
import { explain } from '@/office/api/explain'
import { word } from '@/shared/words'
import type { Import } from '@/office/api/types'

export const MAX_WORKBOOK_BYTES = 32 * 1024 * 1024

export type Upload = { file: File; state: 'waiting' | 'sending' | 'sent' | 'failed'; problem: string; sent: Import | null }

function refusalOf(file: File): string {
  if (!/\.xlsx$/i.test(file.name)) return word('problem-workbook-not-xlsx')
  if (file.size > MAX_WORKBOOK_BYTES) return word('problem-workbook-too-large')
  return ''
}

/** Sends workbooks one after the other: lines in the counties are narrow, and a preview is wanted soon. */
export function useWorkbooks() {
  const uploads = ref<Upload[]>([])
  const sending = ref(false)

  async function send(upload: Upload): Promise<void> {
    upload.state = 'sending'
    try {
      upload.sent = await sendWorkbook(upload.file)
      upload.state = 'sent'
    } catch (error) {
      upload.state = 'failed'
      upload.problem = explain(error)
    }
  }

  async function add(files: File[]): Promise<void> {
    const added = files.map<Upload>((file) => {
      const problem = refusalOf(file)
      return { file, state: problem ? 'failed' : 'waiting', problem, sent: null }
    })
    uploads.value = [...uploads.value.filter((upload) => upload.state !== 'failed'), ...added]
    if (sending.value) return
    sending.value = true
    for (let next = waiting(); next; next = waiting()) await send(next)
    sending.value = false
  }
  const waiting = (): Upload | undefined => uploads.value.find((upload) => upload.state === 'waiting')

  return { uploads, sending, add }
}

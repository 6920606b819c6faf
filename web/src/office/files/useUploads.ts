import { ref } from 'vue'

import { sendFile } from '@/office/api/calls'
import { ApiProblem } from '@/office/api/client'
import { explain, explainCode } from '@/office/api/explain'
import { uuidv7 } from '@/shared/uuidv7'

import { FILE_BYTES_MAX, smallerPicture } from './smallerPicture'

export const PURPOSES = ['evidence', 'report', 'document'] as const
export type Purpose = (typeof PURPOSES)[number]

export type Upload = {
  /** The command's id: sent again after a broken line, the file is still attached once. */
  id: string
  subject: string
  file: File
  purpose: Purpose
  /** The item of a checklist that it shows. */
  item: string | null
  state: 'waiting' | 'sending' | 'failed'
  /** How much of it is sent, in percent. */
  percent: number
  problem: string
  /** What went wrong may pass: a broken line, a busy server. */
  mayPass: boolean
}

/** Sends files one after the other: lines in the field are narrow, and the first one should be safe soon. */
export function useUploads(sent: () => void) {
  const uploads = ref<Upload[]>([])
  let sending = false

  async function send(upload: Upload): Promise<void> {
    upload.state = 'sending'
    upload.percent = 0
    try {
      const body = await smallerPicture(upload.file)
      if (body.size > FILE_BYTES_MAX) {
        fail(upload, explainCode('file_too_large', ''), false)
        return
      }
      // What a telephone calls its photographs says nothing; the name of a paper does.
      const name = /\.pdf$/i.test(upload.file.name) ? upload.file.name.slice(-200) : null
      const query = { command: upload.id, purpose: upload.purpose, name, item: upload.item }
      await sendFile(upload.subject, query, body, (percent) => (upload.percent = percent))
      drop(upload)
      sent()
    } catch (error) {
      const status = error instanceof ApiProblem ? error.status : 500
      fail(upload, explain(error), status === 0 || status >= 500)
    }
  }

  function fail(upload: Upload, problem: string, mayPass: boolean): void {
    Object.assign(upload, { state: 'failed', problem, mayPass })
  }

  async function work(): Promise<void> {
    if (sending) return
    sending = true
    for (let next = waiting(); next; next = waiting()) await send(next)
    sending = false
  }
  const waiting = (): Upload | undefined => uploads.value.find((upload) => upload.state === 'waiting')

  async function add(subject: string, files: File[], purpose: Purpose, item: string | null = null): Promise<void> {
    const added = files.map<Upload>((file) => ({ id: uuidv7(), subject, file, purpose, item, state: 'waiting', percent: 0, problem: '', mayPass: false }))
    uploads.value = [...uploads.value, ...added]
    await work()
  }

  async function again(upload: Upload): Promise<void> {
    upload.state = 'waiting'
    await work()
  }

  function drop(upload: Upload): void {
    uploads.value = uploads.value.filter((one) => one.id !== upload.id)
  }

  return { uploads, add, again, drop }
}

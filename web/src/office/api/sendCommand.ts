import { prefectureOf } from '@/office/area/usePlace'
import { uuidv7 } from '@/shared/uuidv7'

import { sendCommands } from './calls'
import { ApiProblem } from './client'

export type CommandText = { type: string; subject: string; [input: string]: unknown }

/**
 * Keeps the id of a command until it was answered: sent again after a broken line, it is still the same command and
 * happens once.
 */
export class CommandSlip {
  private id = uuidv7()

  /** Sends one command about a record of `area`. A refusal is thrown like any other problem, with its field. */
  async send(area: string, command: CommandText): Promise<void> {
    const { results } = await sendCommands(prefectureOf(area), [{ ...command, id: this.id }])
    this.id = uuidv7()
    const result = results[0]
    if (result?.status !== 'refused') return
    const { code, message, field } = { code: result.code ?? 'unexpected', message: result.message ?? '', field: result.field }
    throw new ApiProblem(422, code, message, field ? [{ path: field, code, message }] : [])
  }
}

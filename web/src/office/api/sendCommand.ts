import { prefectureOf } from '@/office/area/usePlace'
import { noteOwn } from '@/office/live/useChanges'
import { uuidv7 } from '@/shared/uuidv7'

import { sendCommands } from './calls'
import { ApiProblem } from './client'
import type { CommandResults } from './types'

export type CommandText = { type: string; subject: string; [input: string]: unknown }
type Result = CommandResults['results'][number]

/** Commands that the server takes in one request. */
const COMMANDS_MAX = 1000

async function post(area: string, commands: { id: string; text: CommandText }[]): Promise<Result[]> {
  const prefecture = prefectureOf(area)
  const { results } = await sendCommands(prefecture, commands.map(({ id, text }) => ({ ...text, id })))
  noteOwn(prefecture, results.flatMap((result) => result.positions ?? []))
  return results
}

/** What the server answered to one command as a problem like any other, with its field; nothing when it was done. */
export function refusalOf(result: Result | undefined): ApiProblem | null {
  if (result && result.status !== 'refused') return null
  const { code, message, field } = { code: result?.code ?? 'unexpected', message: result?.message ?? '', field: result?.field }
  return new ApiProblem(422, code, message, field ? [{ path: field, code, message }] : [])
}

/**
 * Keeps the id of a command until it was answered: sent again after a broken line, it is still the same command and
 * happens once.
 */
export class CommandSlip {
  private id = uuidv7()

  /** Sends one command about a record of `area`. A refusal is thrown like any other problem. */
  async send(area: string, text: CommandText): Promise<void> {
    const [result] = await post(area, [{ id: this.id, text }])
    this.id = uuidv7()
    const refusal = refusalOf(result)
    if (refusal) throw refusal
  }
}

/** Like `CommandSlip` for many commands, each of which is known by its text and answered by itself. */
export class BatchSlip {
  private ids = new Map<string, string>()

  /** Sends commands about records of one prefecture; the answers stand in the order of the commands. */
  async send(area: string, texts: CommandText[]): Promise<Result[]> {
    const commands = texts.map((text) => ({ id: this.idOf(text), text }))
    const results: Result[] = []
    for (let start = 0; start < commands.length; start += COMMANDS_MAX) {
      results.push(...(await post(area, commands.slice(start, start + COMMANDS_MAX))))
    }
    // Others that were not answered yet keep theirs.
    for (const text of texts) this.ids.delete(JSON.stringify(text))
    return results
  }

  private idOf(text: CommandText): string {
    const key = JSON.stringify(text)
    const id = this.ids.get(key) ?? uuidv7()
    this.ids.set(key, id)
    return id
  }
}

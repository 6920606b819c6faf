import type { Need } from '@/office/api/types'
import { today } from '@/shared/writing'

/** What a form starts with: what stands there now, required days with today, everything else empty. */
export function emptyInputs(needs: Need[]): Record<string, string> {
  return Object.fromEntries(
    needs.map((need) => [need.code, need.value ?? (need.type === 'day' && need.required ? today() : '')]),
  )
}

export function complete(needs: Need[], inputs: Record<string, string>): boolean {
  return needs.every((need) => !need.required || (inputs[need.code] ?? '').trim() !== '')
}

function isYesNo(need: Need): boolean {
  if (need.type === 'boolean') return true
  return need.type === 'choice' && (need.choices ?? []).every(({ code }) => code === 'true' || code === 'false')
}

/** Somebody who handles a case: with an account when chosen from the list, by name alone when typed in. */
export type Handler = { name: string; account?: string }
/** How an input of type `handler` or `handlers` keeps its value as text; empty when nobody is named. */
export const handlersIn = (text: string): Handler[] => (text ? (JSON.parse(text) as Handler[]) : [])
export const handlersText = (handlers: Handler[]): string => (handlers.length > 0 ? JSON.stringify(handlers) : '')

type Value = string | number | boolean | string[] | Handler[] | null

function valueOf(need: Need, text: string): Value {
  if (isYesNo(need)) return text === 'true'
  if (need.type === 'handlers') return handlersIn(text)
  if (need.type === 'choices') return text.split('\n').filter((code) => code !== '')
  if (need.type === 'list') return text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  if (need.type === 'number' && /^-?\d+$/.test(text)) return Number(text)
  return text
}

/**
 * The inputs as a command carries them. Those left empty or as they were are left out; a field that was emptied is taken
 * out of the record.
 */
export function inputsToSend(needs: Need[], inputs: Record<string, string>): Record<string, unknown> {
  const sent: Record<string, unknown> = {}
  const fields: Record<string, Value> = {}
  const personal: Record<string, Value> = {}
  for (const need of needs) {
    const text = (inputs[need.code] ?? '').trim()
    if (text === (need.value ?? '').trim()) continue
    if (need.code.startsWith('fields.')) fields[need.code.slice('fields.'.length)] = text ? valueOf(need, text) : null
    else if (need.code.startsWith('personal.')) {
      if (text) personal[need.code.slice('personal.'.length)] = text
    } else if (text && need.type === 'handler') {
      const [handler] = handlersIn(text)
      Object.assign(sent, { [need.code]: handler?.name.trim(), account: handler?.account })
    } else if (text) sent[need.code] = valueOf(need, text)
  }
  if (Object.keys(fields).length > 0) sent.fields = fields
  if (Object.keys(personal).length > 0) sent.personal = personal
  return sent
}

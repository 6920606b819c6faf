import type { Need } from '@/office/api/types'
import { today } from '@/shared/writing'

/** What a form starts with: days with today, everything else empty. */
export function emptyInputs(needs: Need[]): Record<string, string> {
  return Object.fromEntries(needs.map((need) => [need.code, need.type === 'day' && need.required ? today() : '']))
}

export function complete(needs: Need[], inputs: Record<string, string>): boolean {
  return needs.every((need) => !need.required || (inputs[need.code] ?? '').trim() !== '')
}

function isYesNo(need: Need): boolean {
  if (need.type === 'boolean') return true
  return need.type === 'choice' && (need.choices ?? []).every(({ code }) => code === 'true' || code === 'false')
}

function valueOf(need: Need, text: string): string | number | boolean {
  if (isYesNo(need)) return text === 'true'
  if (need.type === 'number' && /^-?\d+$/.test(text)) return Number(text)
  return text
}

/** The inputs as a command carries them; those left empty are left out. */
export function inputsToSend(needs: Need[], inputs: Record<string, string>): Record<string, string | number | boolean> {
  const sent: Record<string, string | number | boolean> = {}
  for (const need of needs) {
    const text = (inputs[need.code] ?? '').trim()
    if (text) sent[need.code] = valueOf(need, text)
  }
  return sent
}

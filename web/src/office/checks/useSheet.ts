import type { Checklist, ChecklistItem } from '@/office/api/types'
import { uuidv7 } from '@/shared/uuidv7'

/** What somebody says of an item; put right at once is a failure that was mended while they stood there. */
export type Result = 'passed' | 'failed' | 'corrected' | 'not_applicable'
export type Answer = { result: Result | null; note: string; photos: File[]; hazard: string }

export const noAnswer = (): Answer => ({ result: null, note: '', photos: [], hazard: uuidv7() })

/** The answers to a list: sent again after a broken line, what failed still opens the same case. */
export function newAnswers(list: Checklist): Record<string, Answer> {
  return Object.fromEntries(list.items.map((item) => [item.code, noAnswer()]))
}

export function resultsToSend(list: Checklist, answers: Record<string, Answer>): Record<string, unknown>[] {
  return list.items.map(({ code }) => {
    const { result, note, hazard } = answers[code]!
    return { item: code, result, note: note.trim(), ...(result === 'failed' ? { hazard } : {}) }
  })
}

export const unanswered = (list: Checklist, answers: Record<string, Answer>): ChecklistItem[] =>
  list.items.filter((item) => !answers[item.code]?.result)

/** The day that is so many days after another. */
export function laterDay(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return ''
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** When the place is usually looked at again: as soon as the most urgent of what failed asks for it. */
export function usualRecheck(list: Checklist, answers: Record<string, Answer>, day: string): string {
  const failed = list.items.filter((item) => answers[item.code]?.result === 'failed')
  return failed.length > 0 && day ? laterDay(day, Math.min(...failed.map((item) => item.recheck_days))) : ''
}

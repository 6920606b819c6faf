import type { TodoItem, TodoPageName, TodoStep } from '@/office/api/types'
import { offered } from '@/office/records/stepsOffered'

/**
 * The one step that a row offers: the next on the case's way. What somebody else handles is waited for; all that one does
 * about it is to remind.
 */
export function nextStep(item: TodoItem, page: TodoPageName): TodoStep | null {
  const remind = item.steps.find((step) => step.command === 'remind_case')
  if (page === 'waiting' && item.handler && remind) return remind
  return offered(item.steps).way[0] ?? null
}

/** The steps that need nothing besides and that all of these cases offer, in the order of the first. */
export function commonSteps(items: readonly TodoItem[]): TodoStep[] {
  const [first, ...rest] = items
  const has = (item: TodoItem, command: string): boolean => item.steps.some((step) => step.plain && step.command === command)
  return first?.steps.filter((step) => step.plain && rest.every((item) => has(item, step.command))) ?? []
}

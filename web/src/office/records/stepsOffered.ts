import type { Step, TodoStep } from '@/office/api/types'

/** Steps that go back are never what a page suggests. */
export const isBack = (command: string): boolean => /^(reopen|decline|pause|correct|refuse)/.test(command)

/**
 * Those of a record's steps that lie on its way, the next one first, and those beside it. Whoever is asked to sign for a
 * record does that before anything else.
 */
export function offered<S extends Step | TodoStep>(steps: readonly S[]): { way: S[]; beside: S[] } {
  const signing = (step: S): number => (step.command === 'sign_handover' ? 0 : step.command === 'refuse_handover' ? 1 : 2)
  const asked = steps.some((step) => step.command === 'sign_handover')
  const way = steps.filter((step) => !step.beside)
  return {
    way: asked ? way.sort((a, b) => signing(a) - signing(b)) : way,
    beside: steps.filter((step) => step.beside),
  }
}

import { hasWord, word } from '@/shared/words'

import { ApiProblem } from './client'

/** A permanent code in plain words; what the server said stands in for a code that has none. */
export function explainCode(code: string, said: string): string {
  const key = `problem-${code.replaceAll('_', '-')}`
  return hasWord(key) ? word(key) : said || word('problem-unexpected', { code })
}

export function explain(error: unknown): string {
  if (!(error instanceof ApiProblem)) return word('problem-unexpected', { code: '—' })
  if (error.status >= 500 && !hasWord(`problem-${error.code.replaceAll('_', '-')}`)) return word('problem-internal')
  return explainCode(error.code, error.detail)
}

import { readAreas } from '@/office/api/calls'
import type { Areas } from '@/office/api/types'
import { language } from '@/shared/words'

import { learnArea } from './usePlace'

const answers = new Map<string, Promise<Areas>>()

/** An area with its ancestors and children; asked once for each language, for divisions hardly change in a day. */
export function areaWithChildren(code: string): Promise<Areas> {
  const key = `${language.value} ${code}`
  let answer = answers.get(key)
  if (!answer) {
    answer = readAreas(code)
    answers.set(key, answer)
    answer.then(
      ({ area, children }) => [area, ...children].forEach(learnArea),
      () => answers.delete(key),
    )
  }
  return answer
}

/** Quarters of a year as the server writes them: 2025-Q3. */
const written = (year: number, number: number): string => `${year}-Q${number}`

export function quarterNow(): string {
  const today = new Date()
  return written(today.getFullYear(), Math.floor(today.getMonth() / 3) + 1)
}

/** The last eight quarters, the newest first, and the one that is shown when it is older. */
export function quartersOffered(shown: string): string[] {
  const today = new Date()
  const last = today.getFullYear() * 4 + Math.floor(today.getMonth() / 3)
  const offered = Array.from({ length: 8 }, (_, back) => last - back).map((count) => written(Math.floor(count / 4), (count % 4) + 1))
  return offered.includes(shown) ? offered : [...offered, shown]
}

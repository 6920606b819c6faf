import type { Figure, FigureRecords } from '@/office/api/types'

/** Whether a ratio has something below its line, and too little to be a percentage. */
export const tooFew = ({ ratio, value }: Pick<Figure | FigureRecords['figure'], 'ratio' | 'value'>): boolean =>
  value === null && ratio !== null && ratio.denominator > 0

import { language } from './words'

/** A decimal string with thousands separators; digits after the point stay as the server wrote them. */
export function writeNumber(decimal: string | number): string {
  const [whole = '', fraction] = String(decimal).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** A day in a sentence: 2025年8月20日, 20 August 2025. Tables show the day as it is, 2025-08-20. */
export function writeDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  if (!year || !month || !date) return day
  if (language.value === 'zh-CN') return `${year}年${month}月${date}日`
  const at = new Date(Date.UTC(year, month - 1, date))
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(at)
}

// The whole country works by Beijing time, whatever the zone of the computer says.
const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

/** A moment to the minute, by Beijing time: 2025-08-20 15:04. */
export function writeMoment(moment: string): string {
  const at = new Date(moment)
  return Number.isNaN(at.getTime()) ? moment : clock.format(at)
}

/** Today's day by Beijing time. */
export function today(): string {
  return clock.format(new Date()).slice(0, 10)
}

export function daysBefore(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() - days)
  return at.toISOString().slice(0, 10)
}

/** A number of bytes, rounded up: 12 KB, 3.4 MB. */
export function writeSize(bytes: number): string {
  const mega = 1024 * 1024
  return bytes < mega ? `${Math.ceil(bytes / 1024)} KB` : `${(Math.ceil((bytes * 10) / mega) / 10).toFixed(1)} MB`
}

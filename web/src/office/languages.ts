import { shallowRef } from 'vue'
import type { Language as ElementLanguage } from 'element-plus/es/locale'

import { speak, type Language } from '@/shared/words'

/** What Element Plus itself says (calendars, empty lists), in the current language. */
export const elementLanguage = shallowRef<ElementLanguage | undefined>()

const files = import.meta.glob<string>('@locales/*/office.ftl', { query: '?raw', import: 'default' })
const elementFiles: Record<Language, () => Promise<{ default: ElementLanguage }>> = {
  'zh-CN': () => import('element-plus/es/locale/lang/zh-cn'),
  en: () => import('element-plus/es/locale/lang/en'),
}

async function loadMessages(tag: Language): Promise<string> {
  const path = Object.keys(files).find((file) => file.endsWith(`/${tag}/office.ftl`))
  const load = path && files[path]
  if (!load) throw new Error(`no messages for ${tag}`)
  return load()
}

export async function speakOffice(tag: Language): Promise<void> {
  const [element] = await Promise.all([elementFiles[tag](), speak(tag, loadMessages)])
  elementLanguage.value = element.default
}

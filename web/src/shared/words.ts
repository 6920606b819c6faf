import { FluentBundle, FluentResource } from '@fluent/bundle'
import { createFluentVue, type FluentVue } from 'fluent-vue'
import { ref, readonly } from 'vue'

export type Language = 'zh-CN' | 'en'

/** Each language under its own name, as a reader of that language looks for it. */
export const languages: readonly { tag: Language; name: string }[] = [
  { tag: 'zh-CN', name: '中文' },
  { tag: 'en', name: 'English' },
]

const STORED = 'tahuang.language'
const current = ref<Language>('zh-CN')
const bundles = new Map<Language, FluentBundle>()

export const language = readonly(current)
export const words: FluentVue = createFluentVue({ bundles: [], warnMissing: () => undefined })

/** Text outside components, where `$t` is not at hand. */
export function word(key: string, values?: Record<string, string | number>): string {
  return words.format(key, values)
}

/** Whether the current language has this message. */
export function hasWord(key: string): boolean {
  return bundles.get(current.value)?.hasMessage(key) ?? false
}

export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED)
  const wanted = stored ?? navigator.language
  return wanted.startsWith('en') ? 'en' : 'zh-CN'
}

/** Loads the messages of a language (each is a file of its own) and shows everything in it. */
export async function speak(tag: Language, load: (tag: Language) => Promise<string>): Promise<void> {
  let bundle = bundles.get(tag)
  if (!bundle) {
    bundle = new FluentBundle(tag, { useIsolating: false })
    bundle.addResource(new FluentResource(await load(tag)))
    bundles.set(tag, bundle)
  }
  current.value = tag
  words.bundles = [bundle]
  document.documentElement.lang = tag
  localStorage.setItem(STORED, tag)
}

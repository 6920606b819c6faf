// Every message the office asks for exists in every language, every message is asked for, every problem that the server can
// answer has its message, what the server has a word for is called the same here, and no text stands in a template.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const LANGUAGES = ['zh-CN', 'en']
// Families whose ending is a code of the server or of a list in the source: `state-offline`, `problem-not-permitted`.
const source = readdirSync(here('../src'), { recursive: true })
  .filter((file) => /\.(vue|ts)$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(here('../src'), file), 'utf8') }))

const fluent = (language) => readFileSync(here(`../../locales/${language}/office.ftl`), 'utf8')
const messages = (language) =>
  new Map(
    [...fluent(language).matchAll(/^([a-z][\w-]*) =([^\n]*(?:\n[ \t]+[^\n]*)*)/gm)].map(
      ([, key, text]) => [key, new Set([...text.matchAll(/\{ ?\$(\w+)/g)].map(([, name]) => name))],
    ),
  )
const languages = new Map(LANGUAGES.map((language) => [language, messages(language)]))
const faults = []
const description = JSON.parse(readFileSync(here('../../docs/openapi.json'), 'utf8'))
const problemKeys = description.components.schemas.Problem.properties.code.enum.map((code) => `problem-${code.replaceAll('_', '-')}`)
// What goes wrong before a request reaches the server, or without a code.
const OWN_PROBLEMS = ['problem-offline', 'problem-unexpected']

const used = new Set()
const families = new Set()
for (const { file, text } of source) {
  for (const [, key] of text.matchAll(/(?:\$t|\bword|hasWord)\(\s*'([\w-]+)'/g)) used.add(key)
  for (const [, , key] of text.matchAll(/(?:\$t|\bword)\(([^()'`]*\?)\s*'([\w-]+)'/g)) used.add(key)
  for (const [, key] of text.matchAll(/\? \$t\('[\w-]+'\) : \$t\('([\w-]+)'/g)) used.add(key)
  for (const [, key] of text.matchAll(/title: '([a-z-]+)'/g)) used.add(key)
  // A choice between two messages: other choices between two texts look the same, so only known messages count.
  for (const [, ...pair] of text.matchAll(/\? '([a-z][\w-]*)' : '([a-z][\w-]*)'/g)) {
    for (const key of pair) if (languages.get('zh-CN').has(key)) used.add(key)
  }
  for (const [, family] of text.matchAll(/`([a-z]+(?:-[a-z]+)*-)\$\{/g)) families.add(family)
  const template = /<template>[\s\S]*<\/template>/.exec(file.endsWith('.vue') ? text : '')?.[0] ?? ''
  const words = template.replace(/<!--[\s\S]*?-->/g, '').match(/[\u3400-\u9fff]+/g)
  if (words) faults.push(`${file}: text in the template: ${words.join(' ')}`)
}
for (const [language, known] of languages) {
  for (const key of used) if (!known.has(key)) faults.push(`${language}: no message ${key}`)
  for (const key of problemKeys) if (!known.has(key)) faults.push(`${language}: no message ${key}, which the server can answer`)
  for (const key of known.keys()) {
    if (key.startsWith('problem-') && !problemKeys.includes(key) && !OWN_PROBLEMS.includes(key)) {
      faults.push(`${language}: ${key} is no problem of the server`)
    }
    const asked = used.has(key) || [...families].some((family) => key.startsWith(family))
    if (!asked) faults.push(`${language}: nobody asks for ${key}`)
    const other = languages.get('zh-CN').get(key)
    if (!other) faults.push(`${language}: ${key} is not in zh-CN`)
    else if ([...known.get(key)].sort().join() !== [...other].sort().join()) faults.push(`${language}: ${key} names other values than zh-CN`)
  }
  for (const key of languages.get('zh-CN').keys()) if (!known.has(key)) faults.push(`${language}: ${key} is not translated`)
}
// A list that is offered here and shown by the server: what a file is for, and where a message stands.
const SHARED = { purpose: 'file-purpose-', delivery: 'deliveries-tab-' }
const serverWords = readFileSync(here('../../catalog/words.toml'), 'utf8')
for (const [section, family] of Object.entries(SHARED)) {
  const lines = new RegExp(`^\\[${section}\\]\\n((?:\\w+ = .*\\n)+)`, 'm').exec(serverWords)?.[1] ?? ''
  if (lines === '') faults.push(`catalog/words.toml: no words [${section}]`)
  for (const [, code, texts] of lines.matchAll(/^(\w+) = (.*)$/gm)) {
    for (const language of LANGUAGES) {
      const ours = new RegExp(`^${family}${code} = (.*)$`, 'm').exec(fluent(language))?.[1]
      const theirs = new RegExp(`\\b${language} = "([^"]*)"`).exec(texts)?.[1]
      if (ours !== undefined && ours !== theirs) faults.push(`${language}: ${family}${code} says ${ours}, the server ${theirs}`)
    }
  }
}
for (const fault of faults) console.error(fault)
console.log(`${languages.get('zh-CN').size} messages in ${LANGUAGES.join(', ')}`)
process.exit(faults.length > 0 ? 1 : 0)

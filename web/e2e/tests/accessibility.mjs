import assert from 'node:assert/strict'

import axe from 'axe-core'

import { desk, phone } from '../browser.mjs'

const widths = { 'on a desk': desk, 'on a phone': phone }
const languages = ['zh-CN', 'en']
const IMPACTS = ['serious', 'critical']

/** Each page with what shows that it is there. */
async function pagesOf(visitor) {
  const { items } = await visitor.api('/cases?limit=1')
  return [
    ['/', '[data-testid=home-newest] td, [data-testid=home-newest] .none'],
    ['/figures', '[data-testid=figure-card-grids]'],
    ['/figures?at=500', '[data-testid=as-of-notice]'],
    ['/figures/hazards_rectified', '[data-testid=day-trend] svg'],
    ['/figures/language_pass_rate', '[data-testid=records-row]'],
    [`/records/${items[0].id}`, '[data-testid=record-history]'],
    ['/cases', '[data-testid=case-row]'],
    ['/todo', '[data-testid=todo-tab-late] b'],
    ['/cases?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E8%AF%8D', '[data-testid=state-empty]'],
    ['/areas', '[data-testid=area-row]'],
    ['/notices', '[data-testid=notice-row], [data-testid=state-empty]'],
    ['/deliveries', '[data-testid=delivery-row], [data-testid=state-empty]'],
    ['/import', '[data-testid=import-drop]'],
    ['/refused', '[data-testid=refused-row]'],
    ['/journal', '[data-testid=journal-head]'],
    ['/accounts', '[data-testid=account-admin]'],
    ['/nowhere', '[data-testid=state-missing]'],
  ]
}

async function look(visitor, where) {
  if (!(await visitor.page.evaluate(() => 'axe' in window))) await visitor.page.evaluate(axe.source)
  const found = await visitor.page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] })
    return violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((node) => `${node.target} ${node.failureSummary}`) }))
  })
  assert.deepEqual(found.filter(({ impact }) => IMPACTS.includes(impact)), [], where)
  // Not `innerWidth`: a phone's browser widens it to what overflows.
  const { scrollWidth: wide, clientWidth: room } = await visitor.page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return { scrollWidth, clientWidth }
  })
  assert.ok(wide <= room, `${where} is ${wide} px wide in ${room}`)
}

/** A dialog opened from a page. */
const dialogs = [
  ['/cases', 'case-new', 'case-form'],
  ['/figures', 'area-switch', 'area-search'],
  ['/accounts', 'account-new', 'input-login'],
]

async function lookAtAll(visitor) {
  await visitor.get('login-name').waitFor()
  await look(visitor, 'sign-in')
  await visitor.signIn('admin')
  for (const [path, shows] of await pagesOf(visitor)) {
    await visitor.go(path)
    await visitor.page.locator(shows).first().waitFor()
    await look(visitor, path)
  }
  for (const [path, opens, shows] of dialogs) {
    await visitor.go(path)
    await visitor.get(opens).click()
    await visitor.get(shows).waitFor()
    await look(visitor, `${path}: ${opens}`)
  }
}

const tests = Object.entries(widths).flatMap(([name, size]) =>
  languages.map((language) => [
    `no page has a serious accessibility fault or scrolls sideways, ${name}, in ${language}`,
    async (visit) => lookAtAll(await visit({ size, language })),
  ]),
)
export const accessibilityTests = Object.fromEntries(tests)

import assert from 'node:assert/strict'

import axe from 'axe-core'

import { desk, phone } from '../browser.mjs'
import { report } from './steps.mjs'

const widths = { 'on a desk': desk, 'on a phone': phone }
const languages = ['zh-CN', 'en']
const IMPACTS = ['serious', 'critical']

/** A case that waits for somebody to whom it can be given. */
async function openCase(visitor) {
  const subject = await report(visitor, '河堤护坡松动', { area: '542521100000' })
  await visitor.command({ type: 'accept_case', subject })
  return subject
}

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
    ['/todo?page=area', '[data-testid=case-row]'],
    ['/todo?page=escalated', '[data-testid=state-empty]'],
    ['/cases?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E8%AF%8D', '[data-testid=state-empty]'],
    ['/revisits', '[data-testid=revisit-row], [data-testid=state-empty]'],
    ['/revisits?tab=draws', '[data-testid=draw-row], [data-testid=state-empty]'],
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

/** What is opened on a page, by pressing one thing after another. */
const opened = (subject) => [
  ['/todo?page=area', 'todo-tick-all', 'todo-ticked'],
  [`/records/${subject}`, 'steps-more', 'step-merge_case', 'input-into', 'case-offer'],
  [`/records/${subject}`, 'step-assign_case', 'input-handler', 'handler-offer'],
  [`/records/${subject}`, 'step-assign_case', 'input-assisting', 'assisting-offer'],
  ['/cases', 'case-new', 'case-form'],
  ['/figures', 'area-switch', 'area-search'],
  ['/accounts', 'account-new', 'input-login'],
]

async function lookAtAll(visitor) {
  await visitor.get('login-name').waitFor()
  await look(visitor, 'sign-in')
  await visitor.signIn('admin')
  const subject = await openCase(visitor)
  for (const [path, shows] of await pagesOf(visitor)) {
    await visitor.go(path)
    await visitor.page.locator(shows).first().waitFor()
    await look(visitor, path)
  }
  for (const [path, ...presses] of opened(subject)) {
    await visitor.go(path)
    for (const [index, press] of presses.slice(0, -1).entries()) {
      await visitor.get(press).first().click()
      await visitor.get(presses[index + 1]).first().waitFor()
      await look(visitor, `${path}: ${press}`)
    }
  }
  await visitor.command({ type: 'withdraw', subject, reason: '试办完毕' })
}

const tests = Object.entries(widths).flatMap(([name, size]) =>
  languages.map((language) => [
    `no page has a serious accessibility fault or scrolls sideways, ${name}, in ${language}`,
    async (visit) => lookAtAll(await visit({ size, language })),
  ]),
)
export const accessibilityTests = Object.fromEntries(tests)

import assert from 'node:assert/strict'

import { uuidv7 } from '../browser.mjs'
import { step } from './steps.mjs'

/** A case that an office closed, so that another one may draw it. */
async function closed(visitor, title, { kind = 'practical_deed', day = '2026-01-06', outcome = 'done', personal = {} } = {}) {
  const subject = uuidv7()
  const { code } = (await visitor.api('/session')).scope
  await visitor.command({ type: 'report_case', subject, kind, area: code, day, title, personal })
  for (const command of [
    { type: 'accept_case' },
    { type: 'assign_case', handler: '村委会' },
    { type: 'take_case_in_hand' },
    { type: 'finish_case', day },
    { type: 'close_case', day, outcome },
  ]) await visitor.command({ subject, ...command })
  return subject
}

/** Draws on the page from what was closed on these days. */
async function draw(visitor, { from, until }) {
  await visitor.go('/revisits')
  await visitor.get('revisits-draw').click()
  const days = visitor.get('draw-form').locator('.day input')
  for (const [place, day] of [from, until].entries()) {
    await days.nth(place).fill(day)
    await days.nth(place).press('Enter')
  }
  await visitor.get('draw-send').click()
  await visitor.get('draw-facts').waitFor()
}

const ratio = async (visitor, code) => {
  const { figures } = await visitor.api('/figures')
  const { numerator, denominator } = figures.find((figure) => figure.code === code).ratio
  return [numerator, denominator]
}

export const qualityTests = {
  'a closed case is drawn, found unsolved, opened again, counted, appealed, and left out': async (visit) => {
    const grid = await visit({ login: 'grid' })
    const township = await visit({ login: 'township' })
    const title = '为独居老人更换炉具'
    const subject = await closed(grid, title)

    await draw(township, { from: '2026-01-06', until: '2026-01-06' })
    const { items } = await township.api('/revisit-draws')
    assert.match(await township.get('draw-facts').innerText(), new RegExp(items[0].seed))
    await township.says(township.get('draw-drawn'), '1 件中抽 1 件')

    const row = township.get('revisit-row').filter({ hasText: title })
    await township.get('revisit-revisit_case', row).click()
    const form = township.get('step-form')
    assert.equal(await township.get('input-solved', form).count(), 0, 'what was said is asked for once somebody was reached')
    await form.getByText('已联系上', { exact: true }).click()
    await form.getByText('未解决', { exact: true }).click()
    await form.getByText('不满意', { exact: true }).click()
    await township.get('input-note', form).fill('炉具还没有送来')
    await township.get('step-send').click()
    await form.waitFor({ state: 'hidden' })
    await township.get('revisits-part-over').click()
    await row.getByText('处置中').waitFor()

    assert.deepEqual(await ratio(township, 'false_closure_rate'), [1, 1])
    await township.go('/figures/false_closure_rate')
    await township.page.getByRole('link', { name: title }).click()
    await township.says(township.get('record-state'), '处置中')

    await grid.go(`/records/${subject}`)
    await step(grid, 'appeal_rating', () => grid.get('input-reason').fill('炉具由县民政局另行发放'))
    await township.go('/revisits?tab=appeals')
    await row.getByText('炉具由县民政局另行发放').waitFor()
    await township.get('revisit-decide_appeal', row).click()
    await form.getByText('同意，不计入指标').click()
    await township.get('input-reason', form).fill('已向县民政局核实')
    await township.get('step-send').click()
    await township.page.getByText('没有待裁定的申诉').waitFor()
    assert.deepEqual(await ratio(township, 'false_closure_rate'), [0, 0])
    await township.go('/figures/ratings_excluded')
    await township.page.getByRole('link', { name: title }).click()
    await township.page.getByText('已向县民政局核实').first().waitFor()
  },

  'the telephone of whoever asked is opened where the call is made, and not before': async (visit) => {
    const grid = await visit({ login: 'grid' })
    const title = '水磨房门前积水'
    const personal = { phone: '19900000061' }
    const subject = await closed(grid, title, { kind: 'suggestion', day: '2026-01-09', outcome: 'resolved', personal })
    const township = await visit({ login: 'township' })
    await draw(township, { from: '2026-01-09', until: '2026-01-09' })
    const row = township.get('revisit-row').filter({ hasText: title })
    await row.waitFor()
    assert.ok(!(await row.innerText()).includes(personal.phone))
    await township.get('revisit-phone', row).click()
    await township.says(township.get('revisit-number', row), personal.phone)
    // Nobody is reached: it stays on the list, tried once.
    await township.get('revisit-revisit_case', row).click()
    await township.get('step-form').getByText('未联系上', { exact: true }).click()
    await township.get('step-send').click()
    await row.getByText('待回访（已尝试 1 次）').waitFor()
    const { state } = await township.api(`/subjects/${subject}`)
    assert.equal(state, 'closed')
  },

  'a rate of few cases shows what it is of and no percentage': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures')
    const card = clerk.get('figure-card-satisfaction_rate')
    const { figures } = await clerk.api('/figures')
    const { ratio: of, value } = figures.find((figure) => figure.code === 'satisfaction_rate')
    assert.ok(of.denominator < of.minimum && value === null, 'the demo has fewer than five')
    await clerk.says(clerk.get('figure-value', card), '—')
    await clerk.says(clerk.get('figure-ratio', card), `${of.numerator}/${of.denominator} 件`)
  },
}

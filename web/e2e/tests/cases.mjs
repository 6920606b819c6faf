import assert from 'node:assert/strict'

import { written } from '../browser.mjs'
import { choose, report, step } from './steps.mjs'

export const caseTests = {
  'two characters find the cases that hold them': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/cases')
    await clerk.get('cases-search').fill('水渠')
    await clerk.get('cases-search').press('Enter')
    await clerk.page.waitForURL(/q=/)
    await clerk.page.waitForFunction(() => {
      const rows = [...document.querySelectorAll('[data-testid=case-row]')]
      return rows.length > 0 && rows.every((row) => row.textContent.includes('水渠'))
    })
  },

  'filters narrow the list, stand in the address, and can be cleared': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/cases')
    await choose(clerk, 'cases-kind', '安全隐患')
    await choose(clerk, 'cases-state', '已派遣')
    await clerk.page.waitForURL(/state=assigned/)
    await clerk.page.waitForFunction(() => {
      const rows = [...document.querySelectorAll('[data-testid=case-row]')]
      return rows.length > 0 && rows.every((row) => row.textContent.includes('安全隐患') && row.textContent.includes('已派遣'))
    })
    await clerk.page.getByRole('button', { name: '清除筛选' }).click()
    await clerk.page.waitForURL((address) => address.search === '')
  },

  'a number of open cases opens to the cases it counts': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/')
    const line = clerk.get('home-cases').locator('tbody tr').first()
    const kind = (await line.getByRole('rowheader').innerText()).trim()
    const count = Number((await line.getByRole('link').first().innerText()).replace(',', ''))
    await line.getByRole('link').first().click()
    const rows = clerk.get('case-row')
    await rows.first().waitFor()
    for (let shown = 50; shown < count; shown += 50) {
      await clerk.get('cases-more').click()
      await rows.nth(shown).waitFor()
    }
    await clerk.get('cases-more').waitFor({ state: 'detached' })
    assert.equal(await rows.count(), count)
    assert.ok((await rows.allInnerTexts()).every((text) => text.includes(kind) && !/已办结|不予受理/.test(text)))
    await clerk.get('cases-state').getByText('未办结').waitFor()
  },

  'a case goes from report to closing, is checked by somebody else, and then counts': async (visit) => {
    const township = await visit({ login: 'township' })
    const before = Number(await township.figure('hazards_rectified'))
    await township.go('/cases')
    await township.get('case-new').click()
    await choose(township, 'input-kind', '安全隐患')
    await township.get('input-title').fill('村委会门前护栏松动')
    await township.get('case-send').click()
    await township.says(township.get('record-title'), '村委会门前护栏松动')
    const address = new URL(township.page.url()).pathname
    await step(township, 'accept_case')
    await step(township, 'assign_case', () => township.get('input-handler').fill('索朗旺堆'))
    await step(township, 'take_case_in_hand')
    await step(township, 'finish_case')
    await township.says(township.get('record-state'), '待核查')
    await township.page.getByText('须由其他人员核查').waitFor()
    assert.equal(await township.get('step-check_case').count(), 0)

    const county = await visit({ login: 'burang' })
    await county.go(address)
    await step(county, 'check_case', () => choose(county, 'input-passed', '合格'))
    await step(county, 'close_case', () => choose(county, 'input-outcome', '已整改'))
    await county.says(county.get('record-state'), '已办结')
    assert.match(await county.get('record-counted-in').innerText(), /排查整治安全隐患\s*\+1/)
    assert.equal(Number(await township.figure('hazards_rectified')), before + 1)
    // The first page is still open, and shows what the other account did.
    await township.says(township.get('record-state'), '已办结')
  },

  'a step on a record that has changed meanwhile shows the record anew and says why': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const { id } = (await clerk.api('/cases?state=assigned&limit=1')).items[0]
    await clerk.go(`/records/${id}`)
    await clerk.get('step-take_case_in_hand').click()
    await clerk.command({ type: 'take_case_in_hand', subject: id })
    await clerk.get('step-send').click()
    await clerk.page.getByText('别人已经改过这条记录').waitFor()
    await clerk.says(clerk.get('record-state'), '处置中')
  },

  'a personal field stays sealed until somebody who may opens it': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const record = (await clerk.api('/figures/posted_staff/records?limit=1')).items[0]
    const sealed = await clerk.api(`/subjects/${record.subject}`)
    assert.ok(sealed.sealed.length > 0, 'the record has a personal field')
    await clerk.go(`/records/${record.subject}`)
    await clerk.get('record-title').waitFor()
    const main = clerk.page.locator('main')
    assert.doesNotMatch(await main.innerText(), /\b1\d{10}\b/)
    const open = clerk.get(`unseal-${sealed.sealed[0].code}`)
    clerk.expected.push('net::ERR_FAILED')
    await clerk.page.route('**/unseal', (route) => route.abort())
    await open.click()
    await clerk.get('unseal-problem').waitFor()
    await clerk.page.unroute('**/unseal')
    await open.click()
    await main.getByText(/^1\d{10}$/).waitFor()
  },

  'a reported case stands among what is to be done with its day, and leaves it with a pause': async (visit) => {
    const township = await visit({ login: 'township' })
    await report(township, '疏散通道上锁')
    const paused = await report(township, '配电箱无门')
    await township.go('/')
    await township.get('nav-todo').click()
    const row = (title) => township.get('case-row').filter({ hasText: title })
    await row('疏散通道上锁').getByText('剩 1 个工作日').waitFor()
    await township.get('todo-tab-soon').click()
    await row('配电箱无门').waitFor()
    await township.get('todo-tab-late').click()
    await township.page.getByText('没有逾期事项').waitFor()
    await township.get('todo-tab-later').click()
    await township.page.getByText('没有其他在办事项').waitFor()
    for (const type of ['accept_case', 'assign_case', 'take_case_in_hand']) await township.command({ type, subject: paused, handler: '供电所' })
    await township.page.getByRole('button', { name: '刷新' }).click()
    await row('配电箱无门').getByText('剩 7 个工作日').waitFor()
    await township.command({ type: 'pause_case', subject: paused, reason: '等待配件' })
    await township.get('todo-tab-all').click()
    await row('疏散通道上锁').waitFor()
    await row('配电箱无门').waitFor({ state: 'detached' })
    await township.go(`/records/${paused}`)
    await township.page.locator('main').getByText('剩余工作日').first().waitFor()
  },

  'a withdrawn case asks for nobody to check it, and the home page tells of it in words': async (visit) => {
    const township = await visit({ login: 'township' })
    await township.page.locator('[data-testid=live-state][data-line=open]').waitFor()
    const subject = await report(township, '围墙开裂')
    await township.command({ type: 'accept_case', subject })
    await township.command({ type: 'assign_case', subject, handler: '索朗旺堆' })
    await township.command({ type: 'take_case_in_hand', subject })
    await township.command({ type: 'finish_case', subject, day: '2025-09-02' })
    await township.command({ type: 'withdraw', subject, reason: '与另一条重复' })
    const told = township.get('home-changes').getByRole('listitem')
    await told.first().getByText('撤回', { exact: true }).waitFor()
    assert.match((await told.allInnerTexts()).join(), /处置完成[\s\S]*开始处置[\s\S]*派遣[\s\S]*受理[\s\S]*上报事项/)
    await told.first().getByRole('link').click()
    await township.get('record-withdrawn').waitFor()
    assert.equal(await township.page.getByText('须由其他人员核查').count(), 0)
  },

  'a withdrawn record stays readable and counts no more': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const record = (await clerk.api('/figures/disputes_resolved/records?limit=1')).items[0]
    const before = Number(await clerk.figure('disputes_resolved'))
    await clerk.go(`/records/${record.subject}`)
    await step(clerk, 'withdraw', () => clerk.get('input-reason').fill('与另一条重复'))
    await clerk.get('record-withdrawn').waitFor()
    assert.match(await clerk.get('record-history').innerText(), /与另一条重复/)
    await clerk.go('/figures')
    await clerk.says(clerk.get('figure-value', clerk.get('figure-card-disputes_resolved')), written(before - 1))
  },
}

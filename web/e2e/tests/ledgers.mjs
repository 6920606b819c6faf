import assert from 'node:assert/strict'

import { written } from '../browser.mjs'
import { workbook } from '../workbook.mjs'

const FIGURE = 'signboards_removed'
const TITLE = ['“挂牌”清理台账']
const PLACE = ['县(区)', '乡(镇)', '村(社区)']
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const row = (number, quantity, day) => [number, '普兰县', '普兰镇', '西德村', '工作机构牌', quantity, day]

function signboards(file, quantityHeading, rows) {
  const headings = ['序号', ...PLACE, '牌子类别', quantityHeading, '清理时间']
  return { name: file, mimeType: TYPE, buffer: workbook('挂牌清理', [TITLE, headings, ...rows]) }
}

async function upload(clerk, file) {
  await clerk.go('/import')
  await clerk.get('import-file').setInputFiles(file)
  await clerk.says(clerk.get('import-file-name'), file.name)
}

async function bringIn(clerk) {
  await clerk.get('import-run').click()
  await clerk.get('import-done').waitFor()
}

export const ledgerTests = {
  'a workbook is checked before it counts, and a refused row counts once it is fixed in place': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const before = Number(await clerk.figure(FIGURE))
    await upload(clerk, signboards('新增挂牌.xlsx', '数量', [row('1', '10', '2025-09-01'), row('2', '若干', '2025-09-02'), row('3', '20', '2025-09-03')]))
    await clerk.says(clerk.get('import-accepted'), '2')
    await clerk.says(clerk.get('import-refused'), '1')
    assert.match(await clerk.get('import-preview-row').first().innerText(), /不是有效数量：若干/)
    assert.equal(Number(await clerk.figure(FIGURE)), before, 'a preview changes nothing')
    await bringIn(clerk)
    assert.equal(Number(await clerk.figure(FIGURE)), before + 30)

    await clerk.get('import-done').getByRole('link', { name: '去修正' }).click()
    const refused = clerk.get('refused-row')
    await refused.first().waitFor()
    assert.equal(await refused.count(), 1, 'only rows of this workbook')
    await clerk.get('refused-edit', refused).click()
    await clerk.get('refused-blamed-cell', refused).fill('很多')
    clerk.expected.push('status of 422', 'net::ERR_FAILED')
    await clerk.page.route('**/fix', (route) => route.abort())
    await clerk.get('refused-save', refused).click()
    // What was not answered is no fault of the row.
    assert.match(await clerk.get('refused-still-wrong', refused).innerText(), /^连不上服务器/)
    await clerk.page.unroute('**/fix')
    await clerk.get('refused-save', refused).click()
    await clerk.get('refused-still-wrong', refused).getByText('仍然不能登记').waitFor()
    assert.equal(Number(await clerk.figure(FIGURE)), before + 30)
    await clerk.get('refused-blamed-cell', refused).fill('7')
    await clerk.get('refused-save', refused).click()
    await clerk.get('refused-record', refused).click()
    assert.match(await clerk.get('record-counted-in').innerText(), /清理各类牌子\s*\+7/)
    await clerk.go('/figures')
    await clerk.says(clerk.get('figure-value', clerk.get(`figure-card-${FIGURE}`)), written(before + 37))
  },

  'the same workbook a second time counts nothing twice': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const before = await clerk.figure(FIGURE)
    await upload(clerk, signboards('新增挂牌.xlsx', '数量', [row('1', '10', '2025-09-01'), row('3', '20', '2025-09-03')]))
    await clerk.says(clerk.get('import-unchanged'), '2')
    await clerk.says(clerk.get('import-accepted'), '0')
    assert.equal(await clerk.figure(FIGURE), before)
  },

  'an unknown heading is mapped by hand, stays mapped, and can be taken back': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const before = Number(await clerk.figure(FIGURE))
    await upload(clerk, signboards('别的表头.xlsx', '拆了几块', [row('1', '4', '2025-09-11')]))
    assert.match(await clerk.get('sheet-missing').innerText(), /数量/)
    const choice = clerk.get('column-choose', clerk.get('column-unknown').filter({ hasText: '拆了几块' }))
    const choose = async () => {
      await choice.click()
      await clerk.page.getByRole('option', { name: '数量', exact: true }).click()
      await clerk.get('sheet-missing').waitFor({ state: 'detached' })
      await clerk.says(clerk.get('import-accepted'), '1')
    }
    await choose()
    await clerk.page.reload()
    await clerk.says(clerk.get('import-accepted'), '1')
    await choice.getByText('数量', { exact: true }).waitFor()
    await choice.hover()
    await choice.locator('.el-select__clear').click()
    await clerk.get('sheet-missing').waitFor()
    await choose()
    await bringIn(clerk)
    assert.equal(Number(await clerk.figure(FIGURE)), before + 4)
  },

  'an import is followed to its end although an answer is lost on the way': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await upload(clerk, signboards('断线挂牌.xlsx', '数量', [row('1', '3', '2025-09-21')]))
    clerk.expected.push('net::ERR_FAILED')
    let lost = 0
    await clerk.page.route('**/api/v1/imports/*', (route) => {
      lost += 1
      return lost === 1 ? route.abort() : route.continue()
    })
    await clerk.page.route('**/api/v1/imports/*/run', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), state: 'running' } })
    })
    await clerk.get('import-run').click()
    await clerk.get('import-progress').waitFor()
    await clerk.get('import-done').waitFor()
    assert.equal(lost, 2)
  },

  'whoever has gone on to another page is not called back when a workbook was sent': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/import')
    let arrive = null
    const underWay = new Promise((resolve) => (arrive = resolve))
    await clerk.page.route('**/api/v1/imports', async (route) => {
      if (route.request().method() === 'POST') await underWay
      await route.continue()
    })
    await clerk.get('import-file').setInputFiles(signboards('慢的挂牌.xlsx', '数量', [row('1', '5', '2025-09-22')]))
    await clerk.get('nav-cases').click()
    await clerk.get('case-row').first().waitFor()
    const sent = clerk.page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/imports'))
    arrive()
    await (await sent).finished()
    // Two more answers give the page time to go where it should not.
    await clerk.page.evaluate(async () => { for (let turn = 0; turn < 2; turn += 1) await fetch('/api/v1/session') })
    assert.equal(new URL(clerk.page.url()).pathname, '/cases')
  },

  'the number of refused rows of an area opens to those rows': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const { scope } = await clerk.api('/session')
    const { children } = await clerk.api(`/areas?parent=${scope.code}`)
    const all = (await clerk.api('/ledger-rows')).counts.refused
    const counts = await Promise.all(children.map(async ({ code, name }) => ({ code, name, count: (await clerk.api(`/ledger-rows?area=${code}`)).counts.refused })))
    const area = counts.find(({ count }) => count > 0 && count < all)
    await clerk.go(`/?area=${area.code}`)
    await clerk.says(clerk.get('home-refused-count'), String(area.count))
    await clerk.get('home-refused').getByRole('link', { name: '去修正' }).click()
    await clerk.get('refused-row').nth(area.count - 1).waitFor()
    assert.equal(await clerk.get('refused-row').count(), area.count)
    assert.match(await clerk.get('refused-of-area').innerText(), new RegExp(area.name))
    await clerk.get('refused-of-area').getByRole('link').click()
    await clerk.says(clerk.get('refused-tab-refused').locator('b'), String(all))
    await clerk.go(`/figures?area=${area.code}`)
    await clerk.get('figures-missing').getByRole('link').click()
    await clerk.says(clerk.get('refused-tab-refused').locator('b'), String(area.count))
  },

  'a refused row of the demo is set aside with a reason': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const { counts } = await clerk.api('/ledger-rows')
    await clerk.go('/')
    await clerk.says(clerk.get('home-refused-count'), String(counts.refused))
    await clerk.get('home-refused').getByRole('link', { name: '去修正' }).click()
    const refused = clerk.get('refused-row').filter({ hasText: '双报到活动' })
    await clerk.get('refused-set-aside', refused).click()
    await clerk.get('refused-reason', refused).fill('同一活动登记了两次')
    await clerk.get('refused-set-aside-send', refused).click()
    await refused.getByText('不予录入，理由：同一活动登记了两次').waitFor()
    await clerk.says(clerk.get('refused-tab-refused').locator('b'), String(counts.refused - 1))
    await clerk.get('refused-tab-set_aside').click()
    // The other rows have left the list, and this one is not lost: what was set aside can still be fixed.
    await clerk.get('refused-row').filter({ hasNotText: '同一活动登记了两次' }).first().waitFor({ state: 'detached' })
    await clerk.get('refused-edit', clerk.get('refused-row').filter({ hasText: '同一活动登记了两次' })).waitFor()
  },

  'what is no workbook is turned away with what to do': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/import')
    await clerk.get('import-file').setInputFiles({ name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('x') })
    await clerk.page.getByText('另存为 .xlsx').waitFor()
    clerk.expected.push('status of 422')
    await clerk.get('import-file').setInputFiles({ name: '坏.xlsx', mimeType: TYPE, buffer: Buffer.from('x') })
    await clerk.page.getByText('坏.xlsx').waitFor()
    await clerk.page.locator('.uploads .bad').filter({ hasText: /工作簿/ }).waitFor()
  },
}

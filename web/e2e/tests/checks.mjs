import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { phone } from '../browser.mjs'
import { choose, step } from './steps.mjs'

const FIRE = ['extinguishers', 'emergency_light', 'exit_signs', 'smoke_alarm', 'staff_know_how', 'no_lodging', 'no_window_bars', 'no_combustible_panels', 'hydrants']

/** Draws what could be a signature. */
async function sign(visitor) {
  const box = await visitor.get('signature-pad').boundingBox()
  const { mouse } = visitor.page
  await mouse.move(box.x + 40, box.y + 40)
  await mouse.down()
  for (let at = 0; at < 12; at += 1) await mouse.move(box.x + 40 + at * 9, box.y + 40 + (at % 3) * 12)
  await mouse.up()
}

/** What a PDF behind a link says. */
async function paperText(visitor, link) {
  const address = await visitor.get(link).getAttribute('href')
  const answer = await visitor.context.request.get(visitor.address + address)
  assert.equal(answer.status(), 200, `${address}: ${answer.status()}`)
  assert.equal(answer.headers()['content-type'], 'application/pdf')
  const file = join(await mkdtemp(join(tmpdir(), 'tahuang-paper-')), 'paper.pdf')
  await writeFile(file, await answer.body())
  const { stdout } = await promisify(execFile)('pdftotext', ['-layout', file, '-'])
  return stdout.replace(/\s+/g, '')
}

async function fillIn(visitor, place) {
  await visitor.get('check-new').click()
  await visitor.get('checklist-fire_small_places').click()
  await visitor.get('check-place').fill(place)
  await visitor.get('check-unit').fill('便民甜茶馆')
  await visitor.get('check-officer').nth(1).fill('卓玛')
  for (const item of FIRE) await visitor.get(`${item}-passed`).click()
  await visitor.get('exits_clear-failed').click()
  await visitor.get('exits_clear-note').fill('后门只能开半扇')
}

export const checkTests = {
  'what failed in a check is a hazard, passes when it is looked at again, and is closed by the township': async (visit) => {
    const place = `主街甜茶馆 ${Date.now() % 100_000}`
    const worker = await visit({ login: 'grid', size: phone })
    await worker.go('/checks')
    await fillIn(worker, place)
    // One item is open still: it is pointed at, and nothing is saved.
    await worker.get('check-save').click()
    await worker.says(worker.get('check-gap'), '还有 1 项没有填写')
    await worker.get('item-fire_power_gas').getByRole('alert').waitFor()
    await worker.get('fire_power_gas-failed').click()
    await worker.get('fire_power_gas-corrected').check()
    await worker.get('check-save').click()

    await worker.says(worker.get('check-title'), place)
    await worker.says(worker.get('check-state'), '待复查')
    await worker.says(worker.get('found-fire_power_gas').locator('.result'), '当场整改')
    await worker.get('hazard-exits_clear').click()
    await worker.says(worker.get('record-title'), `${place}：疏散通道、安全出口被占用、堵塞或锁闭`)
    const hazard = worker.page.url().split('/').pop()
    await worker.get('record-related').getByRole('link', { name: place }).click()

    await worker.get('serve').click()
    await worker.get('notice-recipient').fill('巴桑某')
    await sign(worker)
    await worker.get('notice-send').click()
    await worker.get('check-receipt').filter({ hasText: '已签收' }).waitFor()
    const notice = await paperText(worker, 'notice-pdf')
    for (const said of ['隐患告知单', place.replace(' ', ''), '便民甜茶馆', '消防法第二十八条', '卓玛', '巴桑某']) {
      assert.ok(notice.includes(said), `${said} is not on the notice: ${notice}`)
    }
    assert.ok(!notice.includes('用火、用电'), 'what was put right at once is not asked for')
    assert.ok((await paperText(worker, 'sheet-pdf')).includes('周边消火栓有水'))

    await worker.get('recheck').click()
    await worker.get('recheck-form').getByTestId('exits_clear-passed').click()
    await worker.get('check-officer').nth(1).fill('卓玛')
    await worker.get('recheck-send').click()
    await worker.says(worker.get('check-state'), '复查合格')
    await worker.go('/checks')
    await worker.get('checks-completed').click()
    await worker.get('check-row').filter({ hasText: place }).waitFor()

    const township = await visit({ login: 'township' })
    await township.go(`/records/${hazard}`)
    await township.says(township.get('record-state'), '待核查')
    await step(township, 'check_case', () => choose(township, 'input-passed', '合格'))
    await step(township, 'close_case', () => choose(township, 'input-outcome', '已整改'))
    await township.says(township.get('record-state'), '已办结')
  },

  'a place that waits to be looked at again stands on the to-do page of whoever checked it': async (visit) => {
    const place = `河段 ${Date.now() % 100_000}`
    const worker = await visit({ login: 'grid' })
    await worker.go('/checks/new')
    await worker.get('checklist-flood_round').click()
    await worker.get('check-place').fill(place)
    for (const item of ['slopes', 'houses', 'roads', 'bridges', 'power_lines', 'drains', 'shelters', 'stores']) {
      await worker.get(`${item}-passed`).click()
    }
    await worker.get('river_banks-failed').click()
    await worker.get('check-save').click()
    await worker.says(worker.get('check-title'), place)
    await worker.go('/todo')
    await worker.get('case-row').filter({ hasText: place }).getByRole('link', { name: place }).click()
    await worker.says(worker.get('check-title'), place)
  },
}

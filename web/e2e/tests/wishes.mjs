// Wishes on the screens: asked, reviewed, published in other words, claimed, given back, claimed again, fulfilled, rated.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'

import { phone, uuidv7 } from '../browser.mjs'
import { ask, choose } from './steps.mjs'

const WISH = '卓玛家里老人眼睛不好想要老花镜'
const PUBLIC = '一副老花镜'
const UNIT = '塔黄镇水利站'

/** Does a step from the list of a stage, and waits until the list no longer has it there. */
async function onBoard(visitor, area, stage, command, fill = async () => {}) {
  await visitor.go(`/board?stage=${stage}&area=${area}`)
  const row = visitor.get('board-row').filter({ hasText: stage === 'review' || stage === 'publish' ? WISH : PUBLIC })
  await visitor.get(`board-${command}`, row).click()
  await visitor.get('step-form').waitFor()
  await fill()
  await visitor.get('step-send').click()
  await visitor.get('step-form').waitFor({ state: 'hidden' })
}

/** Where the public board shows the wish; nothing there may tell whose it is. */
async function shownAt(reader, area, part) {
  for (const one of ['free', 'claimed', 'fulfilled']) {
    await reader.go(`/b/${area}?show=${one}`)
    const said = await reader.page.locator('main').innerText()
    assert.equal(said.includes(PUBLIC), one === part, `${one}: ${said}`)
    for (const secret of [WISH, '卓玛', '199', '4321']) assert.ok(!said.includes(secret), `${one} tells ${secret}`)
  }
}

export const wishTests = {
  async 'a wish is published masked, claimed, given back, claimed again, fulfilled and rated, and the board shows each stage'(visit) {
    const officer = await visit({ login: 'township' })
    const resident = await visit({ size: phone })
    const reader = await visit({ size: phone, scripts: false })
    const area = (await (await visit({ login: 'grid' })).api('/session')).scope.code

    await officer.go('/units')
    await officer.get('unit-new').click()
    await officer.get('input-name').fill(UNIT)
    await officer.get('unit-send').filter({ visible: true }).click()
    await officer.says(officer.get('unit-name'), UNIT)
    const unit = new URL(officer.page.url()).pathname

    const receipt = await ask(resident, area, WISH, { kind: 'wish', telephone: '199 0000 4321' })
    await shownAt(reader, area, '')
    await onBoard(officer, area, 'review', 'accept_case')
    await onBoard(officer, area, 'publish', 'publish_case', async () => {
      await officer.get('input-title').fill('老花镜，请打19900004321')
      await officer.get('step-send').click()
      await officer.get('step-problem').waitFor()
      await officer.get('input-title').fill(PUBLIC)
      await officer.get('input-text').fill('村里一位老人读报用')
      const seen = await officer.get('board-preview').innerText()
      assert.ok(seen.includes(PUBLIC) && !seen.includes('卓玛'), seen)
    })
    await shownAt(reader, area, 'free')

    await onBoard(officer, area, 'free', 'claim_case', async () => {
      await officer.get('input-unit_id').click()
      await officer.page.keyboard.type(UNIT)
      await officer.page.getByRole('option', { name: UNIT }).first().click()
    })
    await shownAt(reader, area, 'claimed')
    assert.match(await reader.page.goto(`${reader.address}/b/${area}?show=claimed`).then(() => reader.page.locator('main').innerText()), new RegExp(`由${UNIT}认领`))
    await onBoard(officer, area, 'claimed', 'release_claim', () => officer.get('input-reason').fill('采购困难'))
    await shownAt(reader, area, 'free')

    // From the unit's own page, once it has reported to the place.
    const { items } = await officer.api(`/board?stage=free&area=${area}`)
    const today = items[0].day
    const line = uuidv7()
    await officer.command({ type: 'add_line', subject: unit.split('/')[2], line, kind: 'registration', area, day: today, fields: {} })
    await officer.go(unit)
    await officer.get('unit-sign').click()
    await officer.get('input-signed_by').fill('吉让居委会')
    await officer.get('unit-send').filter({ visible: true }).click()
    await officer.get('unit-registration').filter({ hasText: '吉让居委会' }).waitFor()
    await officer.get('unit-claim').click()
    await officer.get('unit-send').filter({ visible: true }).click()
    await officer.get('unit-claim-row').filter({ hasText: '办理中' }).waitFor()
    await shownAt(reader, area, 'claimed')

    await onBoard(officer, area, 'claimed', 'take_case_in_hand')
    await onBoard(officer, area, 'claimed', 'finish_case')
    await resident.page.goto(receipt)
    await resident.page.locator('input[name=solved][value=resolved]').check()
    await resident.page.locator('input[name=satisfaction][value=satisfied]').check()
    await resident.page.getByRole('button', { name: '提交评价' }).click()
    await resident.page.getByText('您的评价：已解决').waitFor()
    const before = Number(await officer.figure('wishes_fulfilled'))
    await onBoard(officer, area, 'claimed', 'close_case', () => choose(officer, 'input-outcome', /已实现/))
    await shownAt(reader, area, 'fulfilled')
    assert.equal(Number(await officer.figure('wishes_fulfilled')), before + 1)

    await officer.go(unit)
    for (const [part, count] of [['claimed', 2], ['fulfilled', 1], ['released', 1]]) {
      assert.equal(Number(await officer.get(`unit-number-${part}`).locator('b').innerText()), count, part)
    }
    const [paper] = await Promise.all([officer.page.waitForEvent('download'), officer.get('unit-print-quarter').click()])
    const printed = execFileSync('pdftotext', ['-raw', await paper.path(), '-'], { encoding: 'utf8' })
    for (const said of [UNIT, PUBLIC, '认领 2 件', '实现 1 件']) assert.ok(printed.includes(said), `${said} in ${printed}`)
    await officer.get('unit-number-fulfilled').click()
    await officer.page.getByRole('link', { name: PUBLIC }).first().waitFor()
  },

  async 'the public board has no script to wait for and fits a telephone in every language'(visit) {
    const reader = await visit({ size: phone, scripts: false })
    for (const language of ['zh-CN', 'bo', 'en']) {
      await reader.go(`/b/540127100201?lang=${language}`)
      assert.equal(await reader.page.locator('html').getAttribute('lang'), language)
      assert.equal(await reader.page.locator('main nav').count(), 1, language)
    }
  },
}

// Residents' pages on old and slow telephones: with and without scripts, in Chinese and Tibetan.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'

import { phone } from '../browser.mjs'
import { ask } from './steps.mjs'

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** 墨竹工卡县工卡镇: a village of the demo. */
const AREA = '540127100201'
const PLACE = `/r/${AREA}`

async function axe(visitor, where) {
  // The page's own policy lets no other script in; the test brings it past the policy.
  const found = await visitor.page.evaluate(async (source) => {
    ;(0, eval)(source)
    const { violations } = await window.axe.run(document)
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.target.join(' ')) }))
  }, axeSource)
  assert.deepEqual(found, [], where)
}

export const residentTests = {
  async 'a resident without scripts asks, follows, and says that it is not solved'(visit) {
    const visitor = await visit({ size: phone, scripts: false, language: 'zh-CN' })
    const receipt = await ask(visitor, AREA, '村口路灯不亮，晚上走路不方便')
    assert.match(await visitor.page.locator('.number').innerText(), /^5401-\d{6}$/)
    assert.match(await visitor.page.locator('dl').innerText(), /村口路灯不亮/)

    const officer = await visit({ login: 'lhasa' })
    const { items } = await officer.api(`/cases?area=${AREA}&q=${encodeURIComponent('路灯')}`)
    const subject = items[0].id
    for (const step of [
      { type: 'accept_case' },
      { type: 'assign_case', handler: '村委会' },
      { type: 'take_case_in_hand' },
      { type: 'finish_case', day: items[0].day, note: '更换灯泡' },
    ]) await officer.command({ subject, ...step })

    await visitor.page.goto(receipt)
    await visitor.page.locator('input[name=solved][value=unresolved]').check()
    await visitor.page.locator('textarea[name=note]').fill('还是不亮')
    await visitor.page.getByRole('button', { name: '提交评价' }).click()
    await visitor.page.getByText('您的评价：未解决').waitFor()
    const { state } = await officer.api(`/subjects/${subject}`)
    assert.equal(state, 'in_hand', 'what is not solved is worked on again')
  },

  async 'a resident with scripts proves work and has the telephone number erased'(visit) {
    const visitor = await visit({ size: phone, language: 'zh-CN' })
    await visitor.go(PLACE)
    await visitor.page.waitForFunction(() => document.querySelector('[name=proof]').value !== '')
    await ask(visitor, AREA, '想学做藏面，希望办个培训班', { kind: 'wish', telephone: '199 0000 4321' })
    assert.match(await visitor.page.locator('main').innerText(), /199\*{4}4321/)
    await visitor.page.getByText('删除我的个人信息').click()
    await visitor.page.getByRole('button', { name: '确认删除' }).click()
    await visitor.page.getByText('没有保存您的任何个人信息').waitFor()
  },

  async 'the pages for residents have no accessibility fault and fit a telephone, in every language'(visit) {
    const visitor = await visit({ size: phone, bypassPolicy: true })
    const receipt = new URL(await ask(visitor, AREA, '水管冻裂了', { telephone: '199 0000 4321' })).pathname
    for (const language of ['zh-CN', 'bo', 'en']) {
      for (const path of [PLACE, receipt]) {
        await visitor.go(`${path}?lang=${language}`)
        await axe(visitor, `${path} in ${language}`)
        const { wide, room } = await visitor.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth }))
        assert.ok(wide <= room, `${path} in ${language} is ${wide} px wide in ${room}`)
      }
    }
  },

  async 'the form for a resident is there and sent on a line of 50 kbit/s with 400 ms to the server'(visit) {
    const visitor = await visit({ size: phone })
    const line = await visitor.context.newCDPSession(visitor.page)
    await line.send('Network.enable')
    await line.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 50_000 / 8, uploadThroughput: 50_000 / 8 })
    await visitor.go(PLACE)
    const { responseEnd, domContentLoadedEventEnd, transferSize } = await visitor.page.evaluate(() => performance.getEntriesByType('navigation')[0].toJSON())
    console.log(`      ${transferSize} bytes over the line, whole after ${Math.round(responseEnd)} ms, shown after ${Math.round(domContentLoadedEventEnd)} ms`)
    assert.ok(transferSize < 10 * 1024 + 1024, `${transferSize} bytes with its headers`)
    // One answer and nothing after it.
    assert.equal(await visitor.page.evaluate(() => performance.getEntriesByType('resource').length), 0)
    await ask(visitor, AREA, '牧道上有落石，请来看看', { kind: 'hazard' })
  },
}

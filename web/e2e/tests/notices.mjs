import assert from 'node:assert/strict'

import { phone } from '../browser.mjs'
import { report } from './steps.mjs'

export const noticeTests = {
  'the bell rings for what others report, and what was shown is read': async (visit) => {
    const officer = await visit({ login: 'township' })
    const worker = await visit({ login: 'grid' })
    await officer.go('/figures')
    await officer.get('notice-bell').waitFor()
    await report(worker, '河水漫过便桥，联系19900005678', { kind: 'damage' })
    // Others may have reported before; the list that opens has to hold this one.
    await officer.until('/notices', ({ items }) => items[0]?.text.includes('便桥'))
    await officer.get('notice-unread').waitFor()
    await officer.get('notice-bell').click()
    const newest = officer.get('notice-row').first()
    await newest.getByText('【紧急】灾情抢险').waitFor()
    const text = await newest.innerText()
    assert.ok(text.includes('河水漫过便桥，联系***') && !text.includes('199'), text)
    await officer.get('notice-unread').waitFor({ state: 'detached' })
    await newest.getByRole('link').click()
    await officer.get('record-history').waitFor()
    // Who reported it is not told of it.
    const { items } = await worker.api('/notices')
    assert.ok(items.every((item) => !item.text.includes('便桥')))
  },

  'on a phone the bell stands in the bar, and a grid worker sees no log of deliveries': async (visit) => {
    const worker = await visit({ login: 'grid', size: phone })
    await worker.get('notice-bell').click()
    await worker.page.waitForURL(/\/notices/)
    await worker.go('/deliveries')
    await worker.get('state-forbidden').waitFor()
  },

  'the log of deliveries is there for a county office, empty without channels': async (visit) => {
    const officer = await visit({ login: 'burang' })
    await officer.go('/deliveries')
    await officer.get('state-empty').waitFor()
    await officer.get('deliveries-tab-uncertain').click()
    await officer.page.waitForURL(/state=uncertain/)
    await officer.get('state-empty').waitFor()
  },
}

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'

const TOWNSHIP = '542521100000'

export const cardTests = {
  'contact cards of a township are printed with its office, its telephone and the code of its page': async (visit) => {
    const township = await visit({ login: 'township' })
    const { area, residents_page: page } = await township.api(`/areas?parent=${TOWNSHIP}`)
    assert.equal(page, `${township.address}/r/${TOWNSHIP}`)
    await township.go(`/areas/${TOWNSHIP}`)
    await township.get('cards-open').click()
    await township.get('cards-form').getByText(page).waitFor()
    // This test's server is at 127.0.0.1: a card with that address would be of no use, and that is said.
    await township.get('cards-local').waitFor()
    await township.get('cards-count').locator('input').fill('12')
    await township.get('cards-organisation').fill('便民服务大厅')
    await township.get('cards-duty').fill('顿珠、卓玛')
    await township.get('cards-telephone').fill('199-0897-1234')
    const [download] = await Promise.all([township.page.waitForEvent('download'), township.get('cards-save').click()])
    assert.match(download.suggestedFilename(), /^便民联系卡 .*\.pdf$/)
    const said = execFileSync('pdftotext', ['-raw', await download.path(), '-'], { encoding: 'utf8' })
    assert.equal(said.split('\f').length - 1, 2, 'twelve cards are two sheets')
    for (const part of [area.name, '便民服务大厅', '值班：顿珠、卓玛', '199-0897-1234', 'བཤེར་རོགས།']) {
      assert.equal(said.split(part).length - 1, 12, part)
    }
    await township.get('cards-form').waitFor({ state: 'hidden' })
  },

  'a server without fonts says which package to install': async (visit) => {
    const township = await visit({ login: 'township' })
    township.expected.push('status of 503')
    await township.page.route('**/contact-cards.pdf?*', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'font_missing', title: '', detail: '', status: 503, errors: [] }),
      }),
    )
    await township.go(`/areas/${TOWNSHIP}`)
    await township.get('cards-open').click()
    await township.get('cards-save').click()
    const problem = township.get('cards-problem')
    await problem.waitFor()
    assert.match(await problem.textContent(), /fonts-noto-cjk/)
  },

  'a county has no contact cards': async (visit) => {
    const chief = await visit({ login: 'admin' })
    const county = await chief.api('/areas?parent=542521000000')
    assert.equal(county.residents_page, undefined)
    await chief.go('/areas/542521000000')
    await chief.get('area-here').waitFor()
    assert.equal(await chief.get('cards-open').count(), 0)
  },
}

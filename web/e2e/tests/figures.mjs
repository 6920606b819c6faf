import assert from 'node:assert/strict'

import { phone, written } from '../browser.mjs'

const FIGURE = 'hazards_rectified'

/** A record that the figure counts. */
const firstRecord = async (visitor, code) => (await visitor.api(`/figures/${code}/records?limit=1`)).items[0]

export const figureTests = {
  'a figure opens to its records, and a record to its history and its ledger row': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.page.getByRole('link', { name: '指标', exact: true }).first().click()
    const card = clerk.get(`figure-card-${FIGURE}`)
    const value = await clerk.get('figure-value', card).textContent()
    assert.equal(value, written(await clerk.figure(FIGURE)))
    await card.click()
    await clerk.says(clerk.get('figure-value').locator('b'), value)
    const row = clerk.get('records-row').first()
    const place = await row.locator('.source').first().innerText()
    const title = await row.getByRole('link').innerText()
    await row.getByRole('link').click()
    await clerk.says(clerk.get('record-title'), title)
    assert.match(await clerk.get('record-counted-in').innerText(), /排查整治安全隐患\s*\+1/)
    const source = clerk.get('history-source').first()
    const number = /第 (\d+) 行/.exec(place)[1]
    assert.match(await source.innerText(), new RegExp(`第 ${number} 行`))
    assert.ok((await source.getByRole('cell').allInnerTexts()).includes(title), 'the ledger row holds the title')
    assert.ok((await clerk.get('history-event').count()) >= 2)
  },

  'the records of a figure come page by page until all are shown': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures/opinions_resolved')
    await clerk.get('records-row').nth(49).waitFor()
    await clerk.get('records-more').click()
    await clerk.get('records-row').nth(99).waitFor()
    assert.match(await clerk.page.locator('main').innerText(), /已显示 100 条，共 552 条/)
  },

  'the parts of a ratio can be looked at one by one': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures/language_pass_rate')
    await clerk.get('records-row').first().waitFor()
    const parts = clerk.page.getByRole('group', { name: '分子与分母' }).getByRole('button')
    assert.equal(await parts.count(), 2)
    const [passed, taken] = [await parts.first().innerText(), await parts.last().innerText()]
    assert.notEqual(passed, taken)
    await parts.last().click()
    await clerk.page.getByText('共 570 条').waitFor()
  },

  'a figure moves on an open page when a command is posted, and the earlier position still shows what it was': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const before = await clerk.api('/figures')
    const value = Number(before.figures.find((figure) => figure.code === FIGURE).value)
    await clerk.go('/figures')
    const shown = clerk.get('figure-value', clerk.get(`figure-card-${FIGURE}`))
    await clerk.says(shown, written(value))
    await clerk.page.locator('[data-testid=live-state][data-line=open]').waitFor()
    const record = await firstRecord(clerk, FIGURE)
    await clerk.command({ type: 'withdraw', subject: record.subject, reason: '重复登记' })
    await clerk.says(shown, written(value - 1))

    await clerk.get('as-of-position').click()
    const input = clerk.page.getByRole('textbox', { name: '流水号' })
    await input.fill(String(before.head_position))
    await input.press('Enter')
    await clerk.get('as-of-notice').waitFor()
    await clerk.says(shown, written(value))
    // The moment goes along to the figure, and back to now.
    await clerk.get(`figure-card-${FIGURE}`).click()
    const alone = clerk.get('figure-value').locator('b')
    await clerk.says(alone, written(value))
    await clerk.get('as-of-notice').getByRole('button', { name: '返回当前' }).click()
    await clerk.says(alone, written(value - 1))
  },

  'a day before the first record says that nothing was entered then': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures?at=2020-01-01')
    assert.match(await clerk.get('as-of-notice').innerText(), /流水中还没有任何记录/)
    assert.equal(await clerk.page.getByText(/^缺 \d+ 行$/).count(), 0)
  },

  'another area is chosen by its name, and the figures are its own': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures')
    await clerk.get('area-switch').click()
    await clerk.get('area-search').fill('札达')
    await clerk.get('area-option').filter({ hasText: '札达县' }).first().click()
    await clerk.says(clerk.get('area-switch').locator('b'), '札达县')
    const code = new URL(clerk.page.url()).searchParams.get('area')
    await clerk.says(clerk.get('figure-value', clerk.get(`figure-card-${FIGURE}`)), written(await clerk.figure(FIGURE, `?area=${code}`)))
  },

  'the area tree leads from the prefecture to a grid': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/areas')
    for (const name of ['普兰县', '普兰镇', '吉让居委会']) {
      await clerk.get('area-row').filter({ hasText: name }).first().click()
      await clerk.says(clerk.get('area-here').locator('b'), name)
    }
    await clerk.get('area-row').filter({ hasText: '第一网格' }).click()
    await clerk.get('area-figures').click()
    await clerk.says(clerk.get('figure-value', clerk.get('figure-card-grids')), '1')
  },

  'signing in and opening a figure need no mouse': async (visit) => {
    const clerk = await visit()
    const { keyboard } = clerk.page
    await clerk.page.waitForFunction(() => document.activeElement?.getAttribute('autocomplete') === 'username')
    await keyboard.type('ngari')
    await keyboard.press('Tab')
    await keyboard.type('Tahuang-2025')
    await keyboard.press('Enter')
    await clerk.get('user-menu').waitFor()
    const reach = async (matches) => {
      for (let tabs = 0; tabs < 60; tabs += 1) {
        await keyboard.press('Tab')
        if (await clerk.page.evaluate(matches)) return
      }
      throw new Error('not reached with the keyboard')
    }
    await reach(() => document.activeElement?.getAttribute('href') === '/figures')
    await keyboard.press('Enter')
    await clerk.get('figure-card-grids').waitFor()
    await reach(() => document.activeElement?.dataset.testid === 'figure-card-grid_party_organisations')
    const ring = await clerk.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)
    assert.equal(ring, 'solid', 'what has the focus is seen')
    await keyboard.press('Enter')
    await clerk.get('records-row').first().waitFor()
  },

  'the first pages are small, and the charts come only with a figure': async (visit) => {
    const clerk = await visit()
    await clerk.signIn('ngari')
    await clerk.go('/figures')
    await clerk.get('figure-card-grids').waitFor()
    const files = clerk.responses.filter((response) => response.url().includes('/assets/'))
    const sizes = await Promise.all(files.map(async (response) => (await response.request().sizes()).responseBodySize))
    const sum = sizes.reduce((total, size) => total + size, 0)
    assert.ok(sum > 50_000 && sum < 120_000, `${sum} bytes for sign-in, home and the board`)
    const scripts = () => clerk.responses.some((response) => response.url().includes('/DayChart'))
    assert.equal(scripts(), false)
    await clerk.get(`figure-card-${FIGURE}`).click()
    await clerk.get('day-trend').locator('svg').waitFor()
    assert.equal(scripts(), true)
  },

  'on a phone a figure opens to its records too': async (visit) => {
    const clerk = await visit({ login: 'township', size: phone, language: 'en' })
    await clerk.page.getByRole('navigation', { name: 'Quick navigation' }).getByRole('link', { name: 'Figures' }).tap()
    await clerk.get(`figure-card-${FIGURE}`).tap()
    await clerk.get('records-row').first().getByRole('link').tap()
    await clerk.get('record-history').waitFor()
  },
}

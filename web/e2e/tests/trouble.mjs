import assert from 'node:assert/strict'

import { written } from '../browser.mjs'

export const troubleTests = {
  'a server that does not answer is said, and the page comes back with it': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    clerk.expected.push('net::ERR_FAILED')
    await clerk.page.route('**/api/v1/**', (route) => route.abort())
    await clerk.page.getByRole('link', { name: '事项', exact: true }).first().click()
    await clerk.get('state-offline').waitFor()
    await clerk.page.unroute('**/api/v1/**')
    await clerk.get('state-offline').getByRole('button', { name: '重试' }).click()
    await clerk.get('case-row').first().waitFor()
  },

  'another area that does not come is not shown with the figures of the one before': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures')
    await clerk.get('figure-card-grids').waitFor()
    clerk.expected.push('net::ERR_FAILED')
    await clerk.page.route('**/api/v1/figures?*', (route) => route.abort())
    await clerk.get('area-switch').click()
    await clerk.get('area-search').fill('札达')
    await clerk.get('area-option').filter({ hasText: '札达县' }).first().click()
    await clerk.get('state-offline').waitFor()
    assert.equal(await clerk.get('figure-card-grids').count(), 0)
    await clerk.page.unroute('**/api/v1/figures?*')
    await clerk.get('state-offline').getByRole('button', { name: '重试' }).click()
    const { area } = Object.fromEntries(new URL(clerk.page.url()).searchParams)
    await clerk.says(clerk.get('figure-value', clerk.get('figure-card-grids')), written(await clerk.figure('grids', `?area=${area}`)))
  },

  'rows of another tab that do not come are not those of the tab before': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/refused')
    await clerk.get('refused-row').first().waitFor()
    clerk.expected.push('net::ERR_FAILED')
    await clerk.page.route('**/api/v1/ledger-rows?*', (route) => route.abort())
    await clerk.get('refused-tab-fixed').click()
    await clerk.get('state-offline').waitFor()
    assert.equal(await clerk.get('refused-row').count(), 0)
  },

  'a list whose next page does not come keeps what it has, says so once, and goes on when asked again': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures/opinions_resolved')
    await clerk.get('records-row').nth(49).waitFor()
    clerk.expected.push('net::ERR_FAILED')
    await clerk.page.route('**/records?*', (route) => route.abort())
    await clerk.get('records-more').click()
    await clerk.get('load-problem').waitFor()
    assert.equal(await clerk.page.getByRole('alert').count(), 1)
    assert.equal(await clerk.get('records-row').count(), 50)
    await clerk.page.unroute('**/records?*')
    await clerk.get('load-problem').getByRole('button', { name: '重试' }).click()
    await clerk.get('records-row').nth(99).waitFor()
    await clerk.get('load-problem').waitFor({ state: 'detached' })
  },

  'a line for changes that was refused is opened again, and what was missed is read': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    const before = Number(await clerk.figure('hazards_rectified'))
    clerk.expected.push('status of 503')
    await clerk.page.route('**/api/v1/changes', (route) => route.fulfill({ status: 503 }))
    await clerk.go('/figures')
    const shown = clerk.get('figure-value', clerk.get('figure-card-hazards_rectified'))
    await clerk.says(shown, written(before))
    await clerk.page.locator('[data-testid=live-state][data-line=lost]').waitFor()
    const { items } = await clerk.api('/figures/hazards_rectified/records?limit=1')
    await clerk.command({ type: 'withdraw', subject: items[0].subject, reason: '重复登记' })
    await clerk.page.unroute('**/api/v1/changes')
    await clerk.page.locator('[data-testid=live-state][data-line=open]').waitFor()
    await clerk.says(shown, written(before - 1))
  },

  'an address that leads nowhere says so and leads home': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/nowhere/at/all')
    await clerk.get('state-missing').getByRole('link', { name: '回到首页' }).click()
    await clerk.get('home-cases').waitFor()
  },

  'a session that ends elsewhere leads to the sign-in and back': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.context.clearCookies()
    clerk.expected.push('status of 401')
    await clerk.page.getByRole('link', { name: '事项', exact: true }).first().click()
    await clerk.get('login-name').waitFor()
    await clerk.signIn('ngari')
    await clerk.get('case-row').first().waitFor()
    assert.equal(new URL(clerk.page.url()).pathname, '/cases')
  },

  'whoever signs in after a session that ended elsewhere finds nothing of the account before': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures')
    await clerk.get('area-switch').click()
    await clerk.get('area-search').fill('札达')
    await clerk.get('area-option').filter({ hasText: '札达县' }).first().click()
    await clerk.says(clerk.get('area-switch').locator('b'), '札达县')
    await clerk.get('nav-imports').click()
    await clerk.get('import-drop').waitFor()
    await clerk.context.clearCookies()
    clerk.expected.push('status of 401')
    await clerk.get('nav-refused').click()
    await clerk.get('login-name').waitFor()
    await clerk.signIn('lhasa')
    await clerk.get('nav-home').click()
    await clerk.says(clerk.get('area-switch').locator('b'), '拉萨市')
    await clerk.get('home-cases').waitFor()
  },
}

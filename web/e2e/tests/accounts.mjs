import assert from 'node:assert/strict'

import { report } from './steps.mjs'

export const accountTests = {
  'a grid worker sees only the grid, and is told so elsewhere': async (visit) => {
    const worker = await visit({ login: 'grid' })
    const { scope } = await worker.api('/session')
    const township = await visit({ login: 'township' })
    const day = new Date().toISOString().slice(0, 10)
    const title = '网格内路灯不亮'
    await report(township, title, { area: scope.code, day })
    await worker.go('/figures')
    await worker.says(worker.get('figure-value', worker.get('figure-card-grids')), '1')
    const { items } = await worker.api('/cases')
    assert.ok(items.length > 0 && items.every((item) => item.area.code === scope.code), 'cases of the grid alone')
    await worker.go('/cases')
    await worker.page.getByRole('link', { name: title }).waitFor()
    assert.equal(await worker.get('case-row').count(), items.length)
    for (const page of ['/accounts', '/import', '/refused', '/journal']) {
      await worker.go(page)
      await worker.get('state-forbidden').waitFor()
    }
    const clerk = await visit({ login: 'ngari' })
    const foreign = (await clerk.api('/cases?limit=10')).items.find((item) => item.area.code !== scope.code).id
    worker.expected.push('status of 404')
    await worker.go(`/records/${foreign}`)
    await worker.get('state-missing').waitFor()
  },

  'another prefecture shows nothing of this one': async (visit) => {
    const lhasa = await visit({ login: 'lhasa' })
    await lhasa.go('/figures')
    await lhasa.says(lhasa.get('area-switch').locator('b'), '拉萨市')
    await lhasa.says(lhasa.get('figure-value', lhasa.get('figure-card-signboards_removed')), '0')
    assert.notEqual(await lhasa.get('figure-value', lhasa.get('figure-card-flood_groups')).textContent(), '0')
  },

  'a wrong password is said, and the right one then opens the page that was wanted': async (visit) => {
    const clerk = await visit()
    await clerk.go('/figures/posted_staff')
    await clerk.get('login-name').fill('ngari')
    await clerk.get('login-password').fill('falsch')
    clerk.expected.push('status of 401')
    await clerk.get('login-submit').click()
    await clerk.says(clerk.get('login-problem'), '登录名或密码不正确')
    await clerk.get('login-password').fill('Tahuang-2025')
    await clerk.get('login-submit').click()
    await clerk.get('records-row').first().waitFor()
    await clerk.get('user-menu').click()
    await clerk.get('sign-out').click()
    await clerk.get('login-name').waitFor()
    await clerk.go('/cases')
    await clerk.get('login-name').waitFor()
  },

  'an account is made, signs in, changes its password, is reset and disabled': async (visit) => {
    const admin = await visit({ login: 'admin' })
    const { page } = admin
    await admin.go('/accounts')
    await admin.get('account-new').click()
    await admin.get('input-name').fill('白玛')
    await admin.get('input-login').fill('baima')
    await admin.get('input-role').click()
    await page.getByRole('option', { name: '县级工作人员' }).click()
    await admin.get('account-create').click()
    const first = await admin.get('one-time-password').textContent()
    await page.getByRole('button', { name: '我已记下' }).click()
    const row = admin.get('account-baima')
    await row.getByText('正常').waitFor()

    const baima = await visit()
    await baima.signIn('baima', first)
    await baima.get('user-menu').click()
    await baima.get('change-password').click()
    const dialog = baima.page.getByRole('dialog')
    await dialog.getByLabel('原密码').fill(first)
    await dialog.getByLabel('新密码', { exact: false }).first().fill('Gangrenboqi-6656')
    await dialog.getByLabel('再输一遍新密码').fill('Gangrenboqi-6656')
    await dialog.getByRole('button', { name: '保存' }).click()
    await baima.page.getByText('密码已修改').waitFor()

    await admin.get('account-reset', row).click()
    await admin.get('confirm').click()
    const second = await admin.get('one-time-password').textContent()
    assert.notEqual(second, first)
    await page.getByRole('button', { name: '我已记下' }).click()
    await admin.get('account-disable', row).click()
    await admin.get('confirm').click()
    await row.getByText('已停用').waitFor()

    const locked = await visit()
    locked.expected.push('status of 401')
    await locked.get('login-name').fill('baima')
    await locked.get('login-password').fill(second)
    await locked.get('login-submit').click()
    await locked.get('login-problem').waitFor()
    await admin.get('account-enable', row).click()
    await row.getByText('正常').waitFor()
  },

  'the journal is verified and found intact': async (visit) => {
    const admin = await visit({ login: 'admin' })
    await admin.go('/journal')
    await admin.get('journal-verify').click()
    await admin.page.locator('[data-testid=journal-result][data-intact=true]').waitFor({ timeout: 60_000 })
    const { journals } = await admin.api('/journal')
    assert.match(await admin.get('journal-result').innerText(), new RegExp(journals[0].position.toLocaleString('en-US')))
  },

  'the language changes everything at once and is kept': async (visit) => {
    const clerk = await visit({ login: 'ngari' })
    await clerk.go('/figures')
    await clerk.page.getByRole('heading', { name: '党建链' }).waitFor()
    await clerk.page.getByRole('button', { name: 'English' }).first().click()
    await clerk.page.getByRole('heading', { name: 'Organisation chain' }).waitFor()
    assert.match(await clerk.page.title(), /^Figures · Tahuang$/)
    await clerk.page.reload()
    await clerk.page.getByRole('heading', { name: 'Organisation chain' }).waitFor()
    assert.equal(await clerk.page.locator('html').getAttribute('lang'), 'en')
    assert.match(await clerk.page.title(), /^Figures · Tahuang$/)
    const main = await clerk.page.locator('main').innerText()
    assert.doesNotMatch(main.replaceAll('阿里地区', ''), /[\u3400-\u9fff]/)
  },
}

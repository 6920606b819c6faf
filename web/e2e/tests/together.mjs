// People who work on the same cases: from the to-do page, with lists of who may handle one, and many at once.
import assert from 'node:assert/strict'

import { choose, report, step } from './steps.mjs'

const row = (visitor, title) => visitor.get('case-row').filter({ hasText: title })

/** Presses what a case's row offers, and waits until the list has another step for it or none. */
async function press(visitor, title, command) {
  const button = visitor.get(`todo-${command}`, row(visitor, title))
  await button.click()
  await button.waitFor({ state: 'detached' })
}

/** Chooses somebody from the list of those who may handle the case. */
async function chooseHandler(visitor, name) {
  await visitor.get('input-handler').fill(name)
  await visitor.get('handler-offer').filter({ hasText: name }).click()
  await visitor.get('handler-note').getByText('将列入其“我的待办”').waitFor()
}

export const togetherTests = {
  'a case goes from hand to hand over the pages of what is to be done, and is opened anew': async (visit) => {
    const title = '村口石桥栏杆断裂'
    const township = await visit({ login: 'township' })
    const worker = await visit({ login: 'grid' })
    const { scope } = await worker.api('/session')
    const subject = await report(township, title, { area: scope.code })
    await township.go('/todo?page=area')
    await press(township, title, 'accept_case')
    await township.get('todo-assign_case', row(township, title)).click()
    await township.get('input-handler').fill('网格员')
    // Escape closes the list, not the dialog.
    await township.get('input-handler').press('Escape')
    assert.equal(await township.get('handler-offer').count(), 0)
    await township.get('input-handler').press('ArrowDown')
    await township.get('input-handler').press('ArrowDown')
    await township.get('input-handler').press('Enter')
    await township.get('handler-note').getByText('将列入其“我的待办”').waitFor()
    assert.equal(await township.get('input-handler').inputValue(), '索朗旺堆')
    await choose(township, 'input-assisting', /普布扎西/)
    await township.get('input-assisting').locator('input').press('Escape')
    await township.get('step-send').click()
    await row(township, title).getByText('索朗旺堆').waitFor()
    await township.get('todo-page-waiting').click()
    await township.get('todo-remind_case', row(township, title)).waitFor()

    // One's own work stands first where there is any.
    await worker.go('/')
    assert.ok(Number(await worker.get('home-todo-mine').locator('b').innerText()) > 0)
    await worker.get('nav-todo').click()
    await row(worker, title).waitFor()
    assert.equal(await worker.get('todo-page-mine').getAttribute('aria-pressed'), 'true')
    await press(worker, title, 'take_case_in_hand')
    await worker.get('todo-finish_case', row(worker, title)).waitFor()
    await worker.go(`/records/${subject}`)
    await step(worker, 'hand_over_case', async () => {
      await chooseHandler(worker, '普布扎西')
      await worker.get('input-reason').fill('须由县里安排施工')
    })

    const county = await visit({ login: 'burang' })
    await county.go('/todo')
    await row(county, title).getByText('待签收：普布扎西').waitFor()
    assert.deepEqual((await county.api(`/subjects/${subject}`)).fields.find((field) => field.code === 'assisting')?.value, '普布扎西')
    await press(county, title, 'sign_handover')
    await county.get('todo-finish_case', row(county, title)).click()
    await county.get('step-send').click()
    await row(county, title).waitFor({ state: 'detached' })
    await county.go(`/records/${subject}`)
    await county.page.getByText('须由其他人员核查').waitFor()

    await township.go('/todo?page=area')
    await township.get('todo-check_case', row(township, title)).click()
    await choose(township, 'input-passed', '合格')
    await township.get('step-send').click()
    await township.get('todo-close_case', row(township, title)).click()
    await choose(township, 'input-outcome', '已整改')
    await township.get('step-send').click()
    await row(township, title).waitFor({ state: 'detached' })
    await township.go(`/records/${subject}`)
    assert.match(await township.get('record-number').innerText(), /5425-/)
    await step(township, 'reopen_case', () => township.get('input-reason').fill('栏杆又松动'))
    await township.says(township.get('record-state'), '处置中')
    await township.command({ type: 'withdraw', subject, reason: '试办完毕' })
  },

  'a duplicate case is found by its words, merged, and each names the other': async (visit) => {
    const township = await visit({ login: 'township' })
    const first = await report(township, '牧道塌方约十米')
    const second = await report(township, '去夏牧场的路塌了')
    const { items: found } = await township.until(`/cases?q=${encodeURIComponent('牧道塌方')}`, ({ items }) => items.length > 0)
    assert.equal(found[0].id, first)
    const closed = (await township.api('/cases?kind=hazard&state=closed&limit=1')).items[0]
    await township.go(`/records/${second}`)
    await step(township, 'merge_case', async () => {
      const words = township.get('input-into').locator('input')
      // What is closed is found in the list of cases, and not here: nothing goes on in it.
      const answered = township.page.waitForResponse((response) => new URL(response.url()).searchParams.get('q') === closed.title)
      await words.fill(closed.title)
      const { items } = await (await answered).json()
      assert.ok(items.every((item) => item.id !== closed.id), 'a closed case is offered')
      await words.fill('牧道塌方')
      await township.get('case-offer').filter({ hasText: '牧道塌方约十米' }).click()
      await township.get('input-reason').fill('同一处塌方')
    })
    await township.says(township.get('record-state'), '已并案')
    await township.get('record-related').getByRole('link', { name: '牧道塌方约十米' }).click()
    await township.get('record-related').getByRole('link', { name: '去夏牧场的路塌了' }).waitFor()
    await township.go('/cases')
    await choose(township, 'cases-state', '已并案')
    await township.page.getByRole('link', { name: '去夏牧场的路塌了' }).waitFor()
  },

  'three cases are accepted at once, and a fourth that somebody else was first with says why not': async (visit) => {
    const township = await visit({ login: 'township' })
    const titles = ['一号井盖缺失', '二号井盖缺失', '三号井盖缺失', '四号井盖缺失']
    const subjects = []
    for (const title of titles) subjects.push(await report(township, title))
    await township.go('/todo?page=area')
    for (const title of titles) await township.get('todo-tick', row(township, title)).check()
    await township.says(township.get('todo-ticked'), '已选 4 项')
    const county = await visit({ login: 'burang' })
    await county.command({ type: 'accept_case', subject: subjects[3] })
    await township.get('bulk-accept_case').click()
    await township.get('bulk-result').getByText('已办理 3 项').waitFor()
    await township.get('bulk-refused').getByText('别人已经改过这条记录').waitFor()
    await township.says(township.get('todo-ticked'), '已选 1 项')
    assert.ok(await township.get('todo-tick', row(township, titles[3])).isChecked())
    for (const title of titles) await township.get('todo-assign_case', row(township, title)).waitFor()
    // Nothing but a reminder is left that needs nothing besides.
    await township.get('todo-tick-all').check()
    assert.equal(await township.get('bulk-accept_case').count(), 0)
    // What happens elsewhere is told beside the list.
    for (const subject of subjects) await township.command({ type: 'withdraw', subject, reason: '试办完毕' })
    await township.page.getByText('有新的变化').waitFor()
  },

  'more time for a case ends later than it is due, and is not given by its handler': async (visit) => {
    const township = await visit({ login: 'township' })
    const { scope, name } = await township.api('/session')
    const subject = await report(township, '蓄水池围栏破损')
    const account = (await township.api(`/handlers?kind=hazard&area=${scope.code}`)).find((one) => one.name === name)
    await township.command({ type: 'accept_case', subject })
    await township.command({ type: 'assign_case', subject, handler: name, account: account.account })
    await township.go(`/records/${subject}`)
    await township.get('steps-more').click()
    await township.get('step-remind_case').waitFor()
    assert.equal(await township.get('step-extend_case').count(), 0)
    const county = await visit({ login: 'burang' })
    await county.go(`/records/${subject}`)
    const due = (await county.api(`/subjects/${subject}`)).fields.find((field) => field.code === 'due').value
    await county.get('steps-more').click()
    await county.get('step-extend_case').click()
    await county.page.getByText(`现办理期限为 ${due}`).waitFor()
    await county.get('input-reason').fill('等待石料')
    const day = county.get('step-form').getByRole('combobox')
    county.expected.push('Invalid user input')
    await day.fill(due)
    await day.press('Enter')
    assert.ok(await county.get('step-send').isDisabled(), 'the present day is no more time')
    const later = new Date(Date.parse(due) + 60 * 86_400_000).toISOString().slice(0, 10)
    await day.fill(later)
    await day.press('Enter')
    await county.get('step-send').click()
    await county.get('step-form').waitFor({ state: 'hidden' })
    await county.page.locator('main').getByText(later).first().waitFor()
    await county.command({ type: 'withdraw', subject, reason: '试办完毕' })
  },
}

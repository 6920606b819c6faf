// Every kind of case on the pages, from its report to its close and opened anew: a village's worker, a township's officer,
// and a resident where the kind is open to residents.
import assert from 'node:assert/strict'

import { phone } from '../browser.mjs'
import { agree, ask, choose, report, step } from './steps.mjs'

/** A picture of one point. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** The steps that the record offers prominently. */
async function offered(visitor, path) {
  await visitor.go(path)
  await visitor.get('record-history').waitFor()
  const ids = await visitor.page.locator('button[data-testid^="step-"]').evaluateAll((all) => all.map((one) => one.dataset.testid))
  const api = await visitor.api(`/subjects/${path.split('/')[2]}`)
  const beside = api.steps.filter((one) => one.beside).map((one) => one.command)
  return ids.map((id) => id.slice('step-'.length)).filter((id) => id !== 'send' && !beside.includes(id))
}

/** What a step's form asks for. */
async function fill(visitor, command) {
  if (command === 'assign_case') await visitor.get('input-handler').fill('吉让居委会')
  if (command === 'check_case') await choose(visitor, 'input-passed', /./)
  if (command === 'close_case') await choose(visitor, 'input-outcome', /./)
}

/** Whether it is solved, in the words of whoever asked. */
async function answer(visitor, receipt, solved) {
  await visitor.page.goto(receipt)
  const again = visitor.page.getByText('重新评价')
  if ((await again.count()) > 0) await again.click()
  await visitor.page.locator(`input[name=solved][value=${solved}]`).check()
  await visitor.page.getByRole('button', { name: '提交评价' }).click()
  await visitor.page.waitForLoadState()
}

async function walk({ worker, officer, resident, area }, kind, byResident) {
  const title = `走一遍：${kind}`
  const receipt = byResident ? await ask(resident, area, title, { kind }) : null
  if (!byResident) await report(worker, title, { kind, area })
  const { items } = await officer.api(`/cases?kind=${kind}&area=${area}`)
  const path = `/records/${items.find((item) => item.title === title).id}`
  const walked = []
  while (walked.at(-1) !== 'close_case') {
    assert.ok(walked.length < 10, `${kind} goes on and on: ${walked}`)
    let who = worker
    let [command] = await offered(worker, path)
    if (!command) [who, [command]] = [officer, await offered(officer, path)]
    assert.ok(command, `${kind}: nobody goes on after ${walked}`)
    if (command === 'close_case' && receipt) await answer(resident, receipt, 'resolved')
    if (command === 'close_case' && receipt) await offered(who, path)
    if (command === 'finish_case' && kind === 'damage') {
      await who.get('file-input').setInputFiles({ name: 'after.png', mimeType: 'image/png', buffer: PICTURE })
      await who.get('file-card').first().waitFor()
    }
    if (command === 'finish_case' && kind === 'dispute') await agree(who)
    await step(who, command, () => fill(who, command)).catch(async (error) => {
      throw new Error(`${kind}: ${command} after ${walked}: ${await who.get('step-problem').allInnerTexts()}`, { cause: error })
    })
    walked.push(command)
  }
  if (receipt) await answer(resident, receipt, 'unresolved')
  else {
    assert.deepEqual(await offered(officer, path), ['reopen_case'], kind)
    await step(officer, 'reopen_case', () => officer.get('input-reason').fill('群众反映没有解决'))
  }
  const { state, fields } = await officer.api(`/subjects/${path.split('/')[2]}`)
  assert.equal(fields.find((field) => field.code === 'reopened').value, '1', kind)
  assert.equal(state, 'in_hand', kind)
  return `${kind}: ${walked.map((command) => command.replace('_case', '')).join(' → ')}${receipt ? ', resident' : ''}`
}

export const walkTests = {
  async 'every kind of case walks from its report to its close and is opened anew'(visit) {
    const worker = await visit({ login: 'grid' })
    const officer = await visit({ login: 'township' })
    const resident = await visit({ size: phone })
    const area = (await worker.api('/session')).scope.code
    const { kinds } = await officer.api('/catalog')
    for (const { code } of kinds.filter((kind) => kind.shape === 'case')) {
      await resident.go(`/r/${area}`)
      const byResident = (await resident.page.locator(`input[name=kind][value=${code}]`).count()) > 0
      console.log(`      ${await walk({ worker, officer, resident, area }, code, byResident)}`)
    }
  },
}

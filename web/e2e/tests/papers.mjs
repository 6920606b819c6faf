// What is entered on records beside their fields: the papers of a mediation, help for a road, joint activities.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { phone } from '../browser.mjs'
import { choose, enterLine, report } from './steps.mjs'

const PHONE = '19900004321'

/** What a PDF of the record says, without the blanks of its layout. */
async function paper(visitor) {
  const href = await visitor.get('record-paper').getAttribute('href')
  const bytes = await visitor.page.evaluate(async (path) => {
    const answer = await fetch(path)
    if (!answer.ok) throw new Error(await answer.text())
    return [...new Uint8Array(await answer.arrayBuffer())]
  }, href)
  const folder = mkdtempSync(join(tmpdir(), 'tahuang-paper-'))
  try {
    writeFileSync(join(folder, 'paper.pdf'), Buffer.from(bytes))
    return execFileSync('pdftotext', ['-layout', join(folder, 'paper.pdf'), '-'], { encoding: 'utf8' }).replace(/\s/g, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const paperTests = {
  'a dispute is mediated paper by paper and becomes a dossier': async (visit) => {
    const township = await visit({ login: 'township' })
    const id = await report(township, '两户草场边界纠纷', { kind: 'dispute' })
    await township.go(`/records/${id}`)
    await township.says(township.get('lines-missing'), '卷宗还缺：当事人、调解申请（受理）登记、权利义务告知、调解记录、调解协议')
    const party = (side, name, telephone) =>
      enterLine(township, 'party', {
        chosen: { 'fields.side': side, 'fields.document': '居民身份证' },
        filled: { 'personal.name': name, ...(telephone ? { 'personal.phone': telephone } : {}) },
      })
    await party('申请人', '扎西（化名）', PHONE)
    await party('被申请人', '索朗（化名）')
    await enterLine(township, 'application', { chosen: { 'fields.source': '当事人申请' }, filled: { 'personal.facts': '草场边界不清' } })
    await enterLine(township, 'rights_notice', { chosen: { 'fields.language': '国家通用语言和藏语', 'fields.way': '口头宣读' } })
    await enterLine(township, 'mediation_record', {
      filled: { 'fields.mediators': '次仁', 'personal.text': '双方各自陈述。' },
      ticked: { 'fields.methods': ['依法明责', '村规民约'] },
    })
    await enterLine(township, 'agreement', {
      chosen: { 'fields.form': '书面协议', 'fields.manner': '当场履行' },
      filled: { 'fields.mediators': '次仁', 'personal.facts': '草场边界不清', 'personal.terms': '以水渠为界。' },
    })
    await township.get('lines-whole').waitFor()
    const lines = township.get('record-line')
    assert.equal(await lines.count(), 6)
    assert.ok(!(await township.get('record-lines').innerText()).includes(PHONE), 'numbers are sealed')
    await lines.first().getByTestId('unseal-phone').click()
    await lines.first().getByText(PHONE).waitFor()
    assert.match(await lines.last().innerText(), /申请司法确认：截止 \d{4}-\d\d-\d\d（含当日）/)
    const text = await paper(township)
    for (const part of ['人民调解卷宗', '扎西（化名）、索朗（化名）', '人民调解协议书', '以水渠为界。', PHONE]) assert.ok(text.includes(part), `${part}: ${text}`)
  },

  'a refusal rules mediation out, and the outcome says what it needs': async (visit) => {
    const township = await visit({ login: 'township', size: phone })
    const id = await report(township, '宅基地排水纠纷', { kind: 'dispute' })
    await township.go(`/records/${id}`)
    await enterLine(township, 'refusal', { chosen: { 'fields.side': '被申请人' } })
    await township.get('lines-add').click()
    assert.equal(await township.get('line-agreement').count(), 0)
    await township.get('line-other_ways').waitFor()
  },

  'help for a road is entered and thanked on the place\'s own page': async (visit) => {
    const township = await visit({ login: 'township' })
    const { scope } = await township.api('/session')
    const id = await report(township, '秋季转场道路被雨水冲断', { kind: 'road_repair' })
    await township.go(`/records/${id}`)
    await enterLine(township, 'need', { chosen: { 'fields.what': '油料' }, filled: { 'fields.amount': '柴油 800 升', 'fields.department': '县交通局' } })
    await township.get('lines-add').click()
    await township.get('line-help').click()
    await choose(township, 'input-fields.what', '油料')
    await township.get('input-fields.amount').fill('柴油 800 升')
    await township.get('input-fields.giver').fill('惠民建筑有限公司（虚构）')
    await township.page.getByRole('radiogroup', { name: '同意公开致谢' }).getByText('是').click()
    await township.get('step-send').click()
    await township.get('step-form').waitFor({ state: 'hidden' })
    const resident = await visit({ size: phone, scripts: false })
    await resident.go(`/t/${scope.code}`)
    await resident.page.getByText('惠民建筑有限公司（虚构）').waitFor()
    await resident.go(`/t/${scope.code}?lang=bo`)
    await resident.page.locator('html[lang=bo]').waitFor()
  },

  'an activity is planned, stands in the calendar, and is held with its findings': async (visit) => {
    const township = await visit({ login: 'township' })
    await township.go('/activities')
    await township.get('activity-new').click()
    await choose(township, 'input-kind', '联合巡逻')
    await township.get('input-title').fill('边境联合巡逻')
    await township.get('input-starts').fill('09:30')
    await township.get('input-ends').fill('16:00')
    await township.get('activity-send').click()
    await township.says(township.get('record-state'), '计划中')
    await enterLine(township, 'taking_part', { filled: { 'fields.organisation': '吉让居党支部', 'fields.present': '次仁\n扎西' } })
    await township.get('step-hold_activity').click()
    await township.get('input-people').fill('14')
    await township.get('step-send').click()
    await township.says(township.get('record-state'), '已登记')
    await enterLine(township, 'minutes', { filled: { 'fields.text': '全程约八公里，未见异常。' } })
    const text = await paper(township)
    for (const part of ['边境联合巡逻', '吉让居党支部', '次仁', '全程约八公里']) assert.ok(text.includes(part), `${part}: ${text}`)
    await township.go('/activities')
    await township.get('calendar-open').click()
    await township.page.waitForFunction(() => document.querySelector('[data-testid=calendar-address]')?.value?.endsWith('.ics')
      || document.querySelector('[data-testid=calendar-address] input')?.value?.endsWith('.ics'))
  },
}

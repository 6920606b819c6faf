// What tests of cases do on the pages again and again.
import { uuidv7 } from '../browser.mjs'

/** As long as a person needs to write: the server turns away a form that comes back sooner, and without scripts only time tells a person from a program. */
const WRITING_MS = 2500

/** Reports a case from another program, in the account's own area unless told otherwise; gives its id. */
export async function report(visitor, title, { kind = 'hazard', area = null, day = '2025-09-01' } = {}) {
  const subject = uuidv7()
  const place = area ?? (await visitor.api('/session')).scope.code
  await visitor.command({ type: 'report_case', subject, kind, area: place, day, title })
  return subject
}

/** Fills in the form for residents of an area and sends it; gives the address at which the case is followed. */
export async function ask(visitor, area, text, { kind = 'suggestion', telephone = null } = {}) {
  const { page } = visitor
  await visitor.go(`/r/${area}`)
  await page.locator(`input[name=kind][value=${kind}]`).check()
  await page.locator('textarea[name=text]').fill(text)
  if (telephone) await page.locator('input[name=phone]').fill(telephone)
  await new Promise((done) => setTimeout(done, WRITING_MS))
  await page.locator('form#ask button').click()
  await page.locator('.number').waitFor()
  return page.url().split('?')[0]
}

/** Waits until the pictures of a record are there. */
export async function picturesShown(visitor) {
  await visitor.page.waitForFunction(() => {
    const pictures = [...document.querySelectorAll('[data-testid=file-picture]')]
    return pictures.length > 0 && pictures.every((one) => one.complete && one.naturalWidth > 0)
  })
}

/** Chooses what a select offers under a name, or the first that a pattern fits. */
export async function choose(visitor, id, name) {
  await visitor.get(id).click()
  await visitor.page.getByRole('option', { name, exact: true }).filter({ visible: true }).first().click()
}

/** Opens a step of a record; those beside its way stand behind a button. */
export async function openStep(visitor, command) {
  await visitor.get('record-title').waitFor()
  const button = visitor.get(`step-${command}`)
  if ((await button.count()) === 0) await visitor.get('steps-more').click()
  await button.click()
}

/** Does a step with what it asks for. */
export async function step(visitor, command, fill = async () => undefined) {
  await openStep(visitor, command)
  await fill()
  await visitor.get('step-send').click()
  await visitor.get('step-form').waitFor({ state: 'hidden' })
}

/** Enters a line of a kind on a record; `filled` gives inputs their texts, `chosen` their choices. */
export async function enterLine(visitor, kind, { filled = {}, chosen = {}, ticked = {} } = {}) {
  const alone = visitor.get(`line-${kind}`)
  if ((await alone.count()) === 0) await visitor.get('lines-add').click()
  await alone.click()
  await visitor.get('step-form').waitFor()
  for (const [code, name] of Object.entries(chosen)) await choose(visitor, `input-${code}`, name)
  for (const [code, names] of Object.entries(ticked)) {
    for (const name of names) await visitor.get(`input-${code}`).getByText(name, { exact: true }).click()
  }
  for (const [code, text] of Object.entries(filled)) await visitor.get(`input-${code}`).fill(text)
  await visitor.get('step-send').click()
  await visitor.get('step-form').waitFor({ state: 'hidden' })
}

/** The agreement by which alone a dispute is settled. */
export const agree = (visitor) =>
  enterLine(visitor, 'agreement', {
    chosen: { 'fields.form': '口头协议', 'fields.manner': '当场履行' },
    filled: { 'fields.mediators': '次仁', 'personal.facts': '草场边界不清', 'personal.terms': '以水渠为界' },
  })

// What tests of cases do on the pages again and again.

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

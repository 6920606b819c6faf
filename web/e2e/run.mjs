// The pages in a real browser, against a server of their own with the demo's ledgers in it.
// `node e2e/run.mjs [words]` runs the tests whose name holds the words; $TAHUANG names the server's program.
import { closeBrowser, Visitor } from './browser.mjs'
import { startServer } from './server.mjs'
import { accessibilityTests } from './tests/accessibility.mjs'
import { accountTests } from './tests/accounts.mjs'
import { cardTests } from './tests/cards.mjs'
import { caseTests } from './tests/cases.mjs'
import { checkTests } from './tests/checks.mjs'
import { fileTests } from './tests/files.mjs'
import { figureTests } from './tests/figures.mjs'
import { ledgerTests } from './tests/ledgers.mjs'
import { noticeTests } from './tests/notices.mjs'
import { paperTests } from './tests/papers.mjs'
import { qualityTests } from './tests/quality.mjs'
import { residentTests } from './tests/residents.mjs'
import { togetherTests } from './tests/together.mjs'
import { troubleTests } from './tests/trouble.mjs'
import { walkTests } from './tests/walks.mjs'
import { wishTests } from './tests/wishes.mjs'

const wanted = process.argv.slice(2).join(' ')
const all = {
  ...figureTests, ...caseTests, ...togetherTests, ...fileTests, ...paperTests, ...cardTests, ...ledgerTests, ...accountTests,
  ...noticeTests,
  ...qualityTests, ...checkTests, ...residentTests, ...walkTests, ...wishTests, ...troubleTests, ...accessibilityTests,
}
const tests = Object.entries(all).filter(([name]) => name.includes(wanted))
if (tests.length === 0) throw new Error(`no test has "${wanted}" in its name`)

const server = await startServer()
let failed = 0
try {
  for (const [name, test] of tests) {
    const started = Date.now()
    const visitors = []
    /** A browser of somebody's own: nothing is shared between tests but the server. */
    const visit = async (options) => {
      const visitor = await Visitor.open(server.address, options)
      visitors.push(visitor)
      return visitor
    }
    try {
      await test(visit)
      for (const visitor of visitors) visitor.complain()
      console.log(`ok    ${name} (${Date.now() - started} ms)`)
    } catch (error) {
      failed += 1
      console.log(`FAIL  ${name}\n      ${String(error.stack).replaceAll('\n', '\n      ')}`)
      for (const visitor of visitors) console.log(`      at ${visitor.page.url()}: ${visitor.faults.join(' | ') || 'no other fault'}`)
    } finally {
      for (const visitor of visitors) await visitor.close()
    }
  }
} finally {
  await closeBrowser()
  await server.stop()
}
console.log(`${tests.length - failed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)

// Chromium, and one visitor of the pages with what they complain about.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'

import { chromium } from 'playwright-core'

export const PASSWORD = 'Tahuang-2025'
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const WAIT_MS = 15_000
const ASK_AGAIN_MS = 100

let browser = null

async function theBrowser() {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS })
  return browser
}

export async function closeBrowser() {
  await browser?.close()
}

export const desk = { viewport: { width: 1440, height: 900 } }
export const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }

/** A time-ordered id, as the pages make them for their commands. */
export function uuidv7() {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex')
  const variant = '89ab'[Number.parseInt(hex[16], 16) % 4]
  return [hex.slice(0, 8), hex.slice(8, 12), `7${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}

export class Visitor {
  /** What no page may do: errors in the console, exceptions, requests to outside addresses. */
  faults = []
  /** Answers of the server that a test provokes; the browser writes each of them to the console. */
  expected = []
  responses = []

  static async open(address, { size = desk, language = 'zh-CN', login = null, scripts = true, bypassPolicy = false } = {}) {
    const options = { ...size, locale: language, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', javaScriptEnabled: scripts, bypassCSP: bypassPolicy }
    const context = await (await theBrowser()).newContext(options)
    const page = await context.newPage()
    page.setDefaultTimeout(WAIT_MS)
    const visitor = new Visitor(address, context, page)
    // Without scripts there is nothing to see at the office's door.
    if (scripts) await visitor.go('/')
    if (login) await visitor.signIn(login)
    return visitor
  }

  constructor(address, context, page) {
    Object.assign(this, { address, context, page })
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return
      const provoked = this.expected.some((text) => message.text().includes(text))
      if (!provoked) this.faults.push(`${message.type()}: ${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => this.faults.push(`exception: ${error.message}`))
    page.on('request', (request) => {
      if (!request.url().startsWith(`${address}/`)) this.faults.push(`request to ${request.url()}`)
    })
    page.on('response', (response) => this.responses.push(response))
  }

  /** The element with a test id, within another one or the page. */
  get(id, within = this.page) {
    return within.getByTestId(id)
  }

  async go(path) {
    await this.page.goto(this.address + path)
  }

  async signIn(login, password = PASSWORD) {
    await this.get('login-name').fill(login)
    await this.get('login-password').fill(password)
    await this.get('login-submit').click()
    await this.get('user-menu').waitFor()
  }

  async api(path) {
    const answer = await this.context.request.get(`${this.address}/api/v1${path}`)
    assert.equal(answer.status(), 200, `${path}: ${answer.status()}`)
    return answer.json()
  }

  /** Posts a command as another program would, not through the pages. */
  async command(command) {
    const options = { headers: { 'X-Tahuang': '1' }, data: { commands: [{ id: uuidv7(), ...command }] } }
    const answer = await (await this.context.request.post(`${this.address}/api/v1/commands`, options)).json()
    assert.equal(answer.results?.[0]?.status, 'accepted', JSON.stringify(answer))
    return answer.position
  }

  /** Asks the server until its answer fits: the search and the notices come a little after what they tell of. */
  async until(path, fits) {
    const end = Date.now() + WAIT_MS
    for (;;) {
      const answer = await this.api(path)
      if (fits(answer)) return answer
      assert.ok(Date.now() < end, `${path} goes on to answer ${JSON.stringify(answer)}`)
      await new Promise((done) => setTimeout(done, ASK_AGAIN_MS))
    }
  }

  async figure(code, query = '') {
    const { figures } = await this.api(`/figures${query}`)
    return figures.find((figure) => figure.code === code).value
  }

  /** Waits until an element says exactly this. */
  async says(locator, text) {
    await locator.filter({ hasText: new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`) }).waitFor()
  }

  complain() {
    assert.deepEqual(this.faults, [])
  }

  async close() {
    await this.context.close()
  }
}

/** A decimal as the pages write it. */
export const written = (number) => Number(number).toLocaleString('en-US')

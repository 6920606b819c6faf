// A server of the tests' own: a temporary data directory with the demo's ledgers, on a free port of this machine.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))
const program = process.env.TAHUANG ?? join(root, 'target/debug/tahuang')

export async function startServer() {
  const data = await mkdtemp(join(tmpdir(), 'tahuang-e2e-'))
  const ledgers = ['import', join(root, 'demo/ledgers'), '--divisions', join(root, 'demo/divisions-tibet.csv')]
  await promisify(execFile)(program, ['--data', data, ...ledgers], { cwd: root })
  const server = spawn(program, ['--data', data, 'serve', '--demo', '--listen', '127.0.0.1:0'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(server, 'exit')
  const said = []
  server.stderr.on('data', (chunk) => said.push(chunk))
  const address = await Promise.race([
    addressOf(server.stdout),
    ended.then(() => Promise.reject(new Error(`the server ended: ${Buffer.concat(said)}`))),
  ])
  async function stop() {
    server.kill('SIGTERM')
    await ended
    await rm(data, { recursive: true })
  }
  return { address, stop }
}

/** The address that the server prints once it listens. */
async function addressOf(output) {
  for await (const line of createInterface({ input: output })) {
    const address = /http:\/\/[\d.:]+/.exec(line)?.[0]
    if (address) {
      // Whatever it says later must not fill the pipe.
      output.resume()
      return address
    }
  }
  throw new Error('the server named no address')
}

// Writes the types of the API from the server's own description, or says with `--check` that they are out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import openapiTypescript, { astToString } from 'openapi-typescript'

const description = new URL('../../docs/openapi.json', import.meta.url)
const types = fileURLToPath(new URL('../src/office/api/schema.d.ts', import.meta.url))
const heading = '// Generated from docs/openapi.json by `npm run schema`; not edited by hand.\n\n'

// Only the shapes of what is sent: a component's address and its errors are read in `calls.ts`.
const { components } = JSON.parse(readFileSync(description, 'utf8'))
const shapes = { openapi: '3.1.0', info: { title: 'Tahuang', version: '1' }, paths: {}, components: { schemas: components.schemas } }
const written = heading + astToString(await openapiTypescript(shapes))

if (!process.argv.includes('--check')) writeFileSync(types, written)
else if (readFileSync(types, 'utf8') !== written) {
  console.error('src/office/api/schema.d.ts is not what docs/openapi.json says: npm run schema')
  process.exit(1)
}

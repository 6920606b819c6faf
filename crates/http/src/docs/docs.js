// Shows /api/openapi.json: operations by tag, then schemas and problem codes. Everything is set as text, never as HTML.
'use strict'

function element(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value)
  made.append(...children.filter((child) => child !== null && child !== undefined))
  return made
}

const nameOf = (ref) => ref.split('/').at(-1)

/** A schema in a few words: `string (date)`, `[Case]`, `A | null`. */
function typeOf(schema) {
  if (!schema) return ''
  if (schema.$ref) return nameOf(schema.$ref)
  const either = schema.oneOf ?? schema.anyOf ?? schema.allOf
  if (either) return either.map(typeOf).join(' | ')
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const types = [schema.type ?? 'any'].flat()
  const texts = types.map((type) => (type === 'array' ? `[${typeOf(schema.items)}]` : type))
  return texts.join(' | ') + (schema.format ? ` (${schema.format})` : '')
}

/** Text with `code` and **strong** marks, as the descriptions use them. */
function marked(text) {
  const parts = (text ?? '').split(/(`[^`]+`|\*\*[^*]+\*\*)/)
  return parts.map((part) => {
    if (part.startsWith('`')) return element('code', {}, part.slice(1, -1))
    if (part.startsWith('**')) return element('b', {}, part.slice(2, -2))
    return part
  })
}

function fields(schema) {
  const rows = Object.entries(schema?.properties ?? {}).map(([name, of]) =>
    element('tr', {},
      element('td', {}, element('code', {}, name), (schema.required ?? []).includes(name) ? '' : ' ?'),
      element('td', { class: 'type' }, typeOf(of)),
      element('td', {}, ...marked(of.description))))
  return rows.length ? element('table', {}, ...rows) : element('p', { class: 'type' }, typeOf(schema))
}

function operation(method, path, said) {
  const parameters = (said.parameters ?? []).map((one) =>
    element('tr', {},
      element('td', {}, element('code', {}, one.name), one.required ? '' : ' ?'),
      element('td', { class: 'type' }, `${one.in} · ${typeOf(one.schema)}`),
      element('td', {}, ...marked(one.description))))
  const body = Object.values(said.requestBody?.content ?? {})[0]?.schema
  const answers = Object.entries(said.responses ?? {}).map(([status, answer]) => {
    const [media, content] = Object.entries(answer.content ?? {})[0] ?? ['', null]
    return element('tr', {},
      element('td', {}, element('code', {}, status)),
      element('td', { class: 'type' }, content ? `${typeOf(content.schema)} · ${media}` : ''),
      element('td', {}, ...marked(answer.description)))
  })
  return element('details', { id: said.operationId, class: method },
    element('summary', {}, element('b', { class: 'method' }, method.toUpperCase()), element('code', {}, path), ' ',
      element('span', {}, said.summary ?? '')),
    element('div', { class: 'body' },
      element('p', {}, ...marked(said.description)),
      parameters.length ? element('h3', {}, 'Parameters') : null,
      parameters.length ? element('table', {}, ...parameters) : null,
      body ? element('h3', {}, `Body: ${typeOf(body)}`) : null,
      element('h3', {}, 'Answers'),
      element('table', {}, ...answers),
      element('p', {}, element('small', {}, said.security ? 'Needs a session.' : 'Needs no session.'))))
}

function show(api) {
  const docs = document.getElementById('docs')
  document.getElementById('version').textContent = api.info.version
  docs.replaceChildren(...api.info.description.split('\n\n').map((text) => element('p', {}, ...marked(text))))
  const tags = new Map()
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, said] of Object.entries(item)) {
      const tag = said.tags?.[0] ?? 'other'
      tags.set(tag, [...(tags.get(tag) ?? []), operation(method, path, said)])
    }
  }
  for (const [tag, operations] of tags) docs.append(element('h2', {}, tag), ...operations)
  docs.append(element('h2', {}, 'Schemas'))
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    docs.append(element('details', { id: `schema-${name}` }, element('summary', {}, element('code', {}, name)),
      element('div', { class: 'body' }, element('p', {}, ...marked(schema.description)), fields(schema))))
  }
  const codes = api.components.schemas.Problem.properties.code.enum
  docs.append(element('h2', {}, 'Problem codes'),
    element('table', {}, ...codes.map((code) => element('tr', { id: `problem-${code}` }, element('td', {}, element('code', {}, code))))))
  const wanted = location.hash && document.getElementById(location.hash.slice(1))
  if (wanted) {
    wanted.open = true
    wanted.scrollIntoView()
  }
}

fetch('/api/openapi.json')
  .then((answer) => answer.json())
  .then(show)
  .catch(() => document.getElementById('docs').append('The description could not be read.'))

// Written by hand after the HTTP contract (v1) until the server's OpenAPI file generates it.

export type Level = 'region' | 'prefecture' | 'county' | 'township' | 'village' | 'grid'
export type AreaRef = { code: string; name: string; level: Level }
export type Source = { file: string; sheet: string; row: number }
export type Cell = { heading: string; text: string }
export type SourceRow = Source & { cells: Cell[] }
export type Named = { code: string; name: string }
export type Page<T> = { items: T[]; next: string | null }

export type Verb = 'read' | 'record' | 'handle' | 'correct' | 'withdraw' | 'import' | 'verify' | 'administer'
export type Session = {
  login: string
  name: string
  role: string
  role_name: string
  scope: AreaRef
  prefecture: AreaRef
  may: Verb[]
}

export type FigureGroup = 'organisation' | 'talent' | 'service' | 'flood'
export type Figure = {
  code: string
  group: FigureGroup
  name: string
  unit_name: string
  definition: string
  value: string | null
  counted: number
  trend: { period: string; value: string }[]
  missing: { refused_rows: number }
}
export type Figures = {
  area: AreaRef
  position: number
  head_position: number
  at: string | null
  groups: { code: FigureGroup; name: string }[]
  figures: Figure[]
}
export type DayPoint = { day: string; value: string }
export type PartCode = 'all' | 'numerator' | 'denominator'
export type FigurePart = { code: PartCode; name: string; count: number; sum: string }
export type FigureRecord = {
  subject: string
  part: PartCode
  amount: string
  day: string | null
  kind: string
  kind_name: string
  title: string
  area: AreaRef
  area_path: string
  state: string
  state_name: string
  position: number
  source: Source | null
}
export type FigureRecords = Page<FigureRecord> & {
  figure: Pick<Figure, 'code' | 'name' | 'unit_name' | 'definition' | 'value'>
  area: AreaRef
  position: number
  count: number
  parts: FigurePart[]
}

export type Shape = 'entry' | 'fact' | 'activity' | 'case' | 'stock' | 'assessment' | 'project' | 'ledger_row'
export type InputType = 'text' | 'long_text' | 'number' | 'day' | 'choice' | 'boolean' | 'account' | 'area'
export type Need = { code: string; name: string; type: InputType; required: boolean; choices?: Named[] }
export type Step = { command: string; name: string; needs: Need[] }
export type HistoryEvent = {
  position: number
  at: string
  actor_name: string
  event: string
  event_name: string
  details: { name: string; value: string }[]
  source: SourceRow | null
  hash: string
}
export type Line = {
  id: string
  kind_name: string
  day: string | null
  area_path: string | null
  text: string
  withdrawn: boolean
}
export type Subject = {
  id: string
  shape: Shape
  kind: string
  kind_name: string
  title: string
  area: AreaRef
  area_path: string
  day: string | null
  state: string
  state_name: string
  revision: number
  withdrawn: boolean
  fields: { code: string; name: string; value: string }[]
  sealed: Named[]
  lines: Line[]
  counted_in: { figure: string; name: string; amount: string }[]
  steps: Step[]
  history: HistoryEvent[]
}

export type CaseItem = {
  id: string
  kind: string
  kind_name: string
  title: string
  area: AreaRef
  area_path: string
  day: string
  state: string
  state_name: string
  handler: string | null
  finished: string | null
  outcome_name: string | null
  source: Source | null
}
export type Cases = Page<CaseItem> & { search_behind: number }
export type CaseCount = { kind: string; kind_name: string; state: string; state_name: string; count: number }

export type AreaChild = AreaRef & { children: number }
export type Areas = { area: AreaRef; ancestors: AreaRef[]; children: AreaChild[] }
export type AreaFound = AreaRef & { path: string }

/** `personal` fields are sent apart from the others, to be sealed. */
export type CatalogField = Need & { personal?: boolean }
export type CatalogKind = { code: string; shape: Shape; name: string; fields: CatalogField[]; outcomes: Named[] }
export type CatalogLedger = { code: string; name: string; columns: (Named & { required: boolean })[] }
export type Catalog = { kinds: CatalogKind[]; states: Named[]; roles: Named[]; ledgers: CatalogLedger[] }

export type Command = { id: string; type: string; subject: string; [input: string]: unknown }
export type CommandResult =
  | { id: string; status: 'accepted' | 'known'; positions: number[] }
  | { id: string; status: 'refused'; code: string; message: string; field?: string }
export type CommandResults = { results: CommandResult[]; position: number }

export type ImportState = 'previewed' | 'running' | 'done' | 'failed'
export type ImportColumn = { heading: string; column: string | null; column_name: string | null; samples: string[] }
export type ImportRow = {
  row: number
  verdict: 'accepted' | 'refused' | 'unchanged'
  code: string | null
  message: string | null
  cells: string[]
}
export type ImportSheet = {
  sheet: string
  ledger: Named | null
  heading_row: number | null
  accepted: number
  refused: number
  unchanged: number
  totals: number
  columns: ImportColumn[]
  missing: Named[]
  rows: ImportRow[]
}
export type Import = {
  id: string
  file: string
  bytes: number
  state: ImportState
  done: number
  total: number
  problem: { code: string; message: string } | null
  at: string
  sheets: ImportSheet[]
}
export type ImportSummary = {
  id: string
  file: string
  state: ImportState
  at: string
  accepted: number
  refused: number
  unchanged: number
}

export type LedgerRowState = 'refused' | 'fixed' | 'set_aside'
export type LedgerRow = {
  id: string
  file: string
  sheet: string
  row: number
  ledger: Named | null
  code: string
  message: string
  column: string | null
  state: LedgerRowState
  reason: string | null
  record: string | null
  cells: Cell[]
}
export type LedgerRows = Page<LedgerRow> & { counts: Record<LedgerRowState, number> }

export type JournalHead = { prefecture: AreaRef; position: number; hash: string; at: string | null }
export type Verification = {
  state: 'running' | 'done'
  checked: number
  total: number
  first_bad: { prefecture: string; position: number; reason: string } | null
  started_at: string
  took_ms: number | null
}
export type Journal = { journals: JournalHead[]; verification: Verification | null }

export type Account = {
  login: string
  name: string
  role: string
  role_name: string
  scope: AreaRef
  disabled: boolean
  locked_until: string | null
}

export type Change = {
  prefecture: string
  position: number
  subject: string
  kind: string
  area: string
  event: string
}

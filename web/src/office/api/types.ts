import type { components } from './schema'

/** What the server's own description says of each shape; `schema.d.ts` is generated from it. */
type Schema = components['schemas']

/** The server always says `null` where it has nothing; its description only says that the value may be missing. */
type Sent<T> = T extends object ? { [K in keyof T]-?: Sent<Exclude<T[K], undefined>> } : T

export type Level = 'region' | 'prefecture' | 'county' | 'township' | 'village' | 'grid'
export type Verb = 'read' | 'record' | 'handle' | 'correct' | 'withdraw' | 'import' | 'verify' | 'administer' | 'oversee'
export type ProblemCode = Schema['Problem']['code']

export type AreaRef = Sent<Schema['AreaRef']>
export type Named = Sent<Schema['Named']>
export type Source = Sent<Schema['SourcePlace']>
export type Cell = Sent<Schema['Cell']>

export type Session = Sent<Schema['Session']>

export type Figure = Sent<Schema['Figure']>
export type Figures = Sent<Schema['Figures']>
export type TrendPoint = Sent<Schema['TrendPoint']>
export type FigureTrend = Sent<Schema['FigureTrend']>
export type DayPoint = Sent<Schema['DayPoint']>
export type FigureRecord = Sent<Schema['FigureRecord']>
export type FigureRecords = Sent<Schema['FigureRecords']>

/** An input of a form, from the server or made here: what does not apply is left out. */
export type Need = Schema['Need']
export type Step = Schema['Step']
export type HistoryEvent = Sent<Schema['HistoryEvent']>
export type Subject = Sent<Schema['Subject']>
export type Attachment = Sent<Schema['Attachment']>
export type Unsealed = Sent<Schema['Unsealed']>

export type Checklist = Sent<Schema['Checklist']>
export type ChecklistItem = Sent<Schema['ChecklistItem']>
export type Checklists = Sent<Schema['Checklists']>
export type CheckRow = Sent<Schema['CheckRow']>
export type Checks = Sent<Schema['Checks']>
export type Sheet = Sent<Schema['Sheet']>

export type CaseItem = Sent<Schema['CaseItem']>
export type Cases = Sent<Schema['Cases']>
export type Todo = Sent<Schema['Todo']>
export type TodoItem = Sent<Schema['TodoItem']>
export type TodoStep = Schema['TodoStep']
export type TodoPageName = keyof Schema['TodoPages']
export type Urgency = keyof Schema['TodoCounts']
export type RevisitItem = Sent<Schema['RevisitItem']>
export type Revisits = Sent<Schema['Revisits']>
export type RevisitList = 'waiting' | 'over' | 'appeals'
export type RevisitDraw = Sent<Schema['RevisitDraw']>
export type RevisitDraws = Sent<Schema['RevisitDraws']>
export type NewRevisitDraw = Schema['NewRevisitDraw']
export type Stage = keyof Schema['StageCounts']
export type BoardCase = Sent<Omit<Schema['BoardCase'], 'steps'>> & { steps: Step[] }
export type BoardCases = Sent<Omit<Schema['BoardCases'], 'items'>> & { items: BoardCase[] }
export type UnitItem = Sent<Schema['UnitItem']>
export type Units = Sent<Schema['Units']>
export type Unit = Sent<Schema['Unit']>
export type RegistrationItem = Sent<Schema['RegistrationItem']>
export type NeedItem = Sent<Schema['NeedItem']>
export type UnitClaimItem = Sent<Schema['UnitClaimItem']>
export type UnitSheet = Sent<Schema['UnitSheet']>
export type HandlerItem = Schema['HandlerItem']
export type CaseCounts = Sent<Schema['CaseCounts']>

export type ActivityItem = Sent<Schema['ActivityItem']>
export type Activities = Sent<Schema['Activities']>
export type CalendarLink = Sent<Schema['CalendarLink']>

export type Areas = Sent<Schema['Areas']>
export type AreasFound = Sent<Schema['AreasFound']>

export type Catalog = Sent<Schema['Catalog']>
export type CatalogColumn = Sent<Schema['CatalogColumn']>

/** A command's inputs stand beside what every command has. */
export type Command = Schema['CommandText'] & { [input: string]: unknown }
export type CommandResults = Schema['CommandResults']

export type ImportColumn = Sent<Schema['ImportColumn']>
export type ImportSheet = Sent<Schema['ImportSheet']>
export type Import = Sent<Schema['Import']>
export type Imports = Sent<Schema['Imports']>

export type LedgerRowState = keyof Schema['LedgerRowCounts']
export type LedgerRow = Sent<Omit<Schema['LedgerRow'], 'state'>> & { state: LedgerRowState }
export type LedgerRows = Sent<Omit<Schema['LedgerRows'], 'items'>> & { items: LedgerRow[] }

export type Verification = Sent<Schema['Verification']>
export type Journal = Sent<Schema['Journal']>

export type NewAccount = Schema['NewAccount']
export type CreatedAccount = Sent<Schema['CreatedAccount']>
export type NewPassword = Sent<Schema['NewPassword']>
export type Account = Sent<Schema['Account']>
export type Accounts = Sent<Schema['Accounts']>

export type Notice = Sent<Schema['Notice']>
export type Notices = Sent<Schema['Notices']>
export type DeliveryState = 'waiting' | 'sending' | 'delivered' | 'failed' | 'uncertain' | 'dismissed'
export type DeliveryDecision = 'retry' | 'dismiss'
export type Delivery = Sent<Schema['Delivery']>
export type Deliveries = Sent<Schema['Deliveries']>

export type Change = Sent<Schema['Change']>

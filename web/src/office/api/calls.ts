import { addressOf, get, post, postForm, remove, savePaper, sendBytes, type Query } from './client'
import type * as Api from './types'

type Signal = AbortSignal | undefined
type Scope = { area: string; at: string | null }

export const readSession = () => get<Api.Session>('/session')
export const signIn = (login: string, password: string) => post<Api.Session>('/session', { login, password })
export const signOut = () => remove('/session')
export const changePassword = (old: string, fresh: string) => post<void>('/session/password', { old, new: fresh })

export const readFigures = (scope: Scope, signal?: Signal) => get<Api.Figures>('/figures', scope, signal)
export const readTrend = (code: string, query: Scope & { from: string; to: string }, signal?: Signal) =>
  get<Api.FigureTrend>(`/figures/${encodeURIComponent(code)}/trend`, query, signal)
export const readFigureRecords = (
  code: string,
  query: Scope & { part: string | null; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.FigureRecords>(`/figures/${encodeURIComponent(code)}/records`, query, signal)

export const readSubject = (id: string, signal?: Signal) =>
  get<Api.Subject>(`/subjects/${encodeURIComponent(id)}`, {}, signal)

export const unsealField = (id: string, field: string, line?: string) =>
  post<Api.Unsealed>(`/subjects/${encodeURIComponent(id)}/unseal`, { field, ...(line ? { line } : {}) })

/** The paper of a record: of a dispute its dossier, of an activity its minutes. */
export const paperAddress = (id: string) => addressOf(`/subjects/${encodeURIComponent(id)}/paper.pdf`)
export const fileAddress = (id: string, file: string) =>
  addressOf(`/subjects/${encodeURIComponent(id)}/files/${encodeURIComponent(file)}`)
export const sendFile = (id: string, query: Query, file: Blob, progress: (percent: number) => void) =>
  sendBytes<Api.Attachment>(`/subjects/${encodeURIComponent(id)}/files`, query, file, progress)

export type CaseFilter = { kind: string | null; state: string | null; area: string; q: string | null }
export const readCases = (query: CaseFilter & { cursor: string | null; limit: number }, signal?: Signal) =>
  get<Api.Cases>('/cases', query, signal)
export const readTodo = (
  query: { page: Api.TodoPageName; area: string; urgency: Api.Urgency | null; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.Todo>('/todo', query, signal)
export const readRevisits = (
  query: { list: Api.RevisitList; draw: string | null; area: string; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.Revisits>('/revisits', query, signal)
export const readDraws = (area: string, signal?: Signal) => get<Api.RevisitDraws>('/revisit-draws', { area }, signal)
export const createDraw = (order: Api.NewRevisitDraw) => post<Api.RevisitDraw>('/revisit-draws', order)
export const readNotices = (query: { cursor: string | null; limit: number }, signal?: Signal) =>
  get<Api.Notices>('/notices', query, signal)
export const markNoticesRead = (upTo: number) => post<{ unread: number }>('/notices/read', { up_to: upTo })
export const readDeliveries = (
  query: { area: string; state: Api.DeliveryState | null; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.Deliveries>('/deliveries', query, signal)
export const decideDelivery = (id: string, decision: Api.DeliveryDecision) =>
  post<Api.Delivery>(`/deliveries/${encodeURIComponent(id)}/${decision}`)
export const readHandlers = (kind: string, area: string, signal?: Signal) =>
  get<Api.HandlerItem[]>('/handlers', { kind, area }, signal)
export const readChecklists = (signal?: Signal) => get<Api.Checklists>('/checklists', {}, signal)
export const readChecks = (
  query: { state: 'open' | 'completed'; area: string; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.Checks>('/checks', query, signal)
export const readCheck = (id: string, signal?: Signal) => get<Api.Sheet>(`/checks/${encodeURIComponent(id)}`, {}, signal)
export const checkPaper = (id: string, paper: 'notice' | 'sheet') => addressOf(`/checks/${encodeURIComponent(id)}/${paper}.pdf`)
export const readBoard = (
  query: { stage: Api.Stage; area: string; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.BoardCases>('/board', query, signal)
export const readUnits = (
  query: { q: string | null; area: string | null; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.Units>('/units', query, signal)
export const readUnit = (id: string, quarter: string, signal?: Signal) =>
  get<Api.Unit>(`/units/${encodeURIComponent(id)}`, { quarter }, signal)
export type UnitPaper = 'slip' | 'quarter' | 'card'
export const saveUnitPaper = (id: string, paper: UnitPaper, query: Query) =>
  savePaper(`/units/${encodeURIComponent(id)}/${paper}.pdf`, query)
export const countCases = (area: string, signal?: Signal) =>
  get<Api.CaseCounts>('/cases/counts', { area }, signal)

export const readAreas = (parent: string | null, signal?: Signal) => get<Api.Areas>('/areas', { parent }, signal)
export const saveContactCards = (area: string, query: Query) => savePaper(`/areas/${area}/contact-cards.pdf`, query)
export const searchAreas = (q: string, signal?: Signal) => get<Api.AreasFound>('/areas/search', { q }, signal)

export const readCatalog = () => get<Api.Catalog>('/catalog')
export const sendCommands = (prefecture: string, commands: Api.Command[]) =>
  post<Api.CommandResults>('/commands', { prefecture, commands })

export const readActivities = (
  query: { area: string; state: string | null; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.Activities>('/activities', query, signal)
export const readCalendarLink = () => get<Api.CalendarLink>('/session/calendar')

export const readImports = (signal?: Signal) => get<Api.Imports>('/imports', {}, signal)
export const readImport = (id: string, signal?: Signal) => get<Api.Import>(`/imports/${id}`, {}, signal)
export const runImport = (id: string) => post<Api.Import>(`/imports/${id}/run`)
export const previewImport = (id: string, headings: Record<string, string>) =>
  post<Api.Import>(`/imports/${id}/preview`, { headings })
export function sendWorkbook(file: File): Promise<Api.Import> {
  const form = new FormData()
  form.append('file', file)
  return postForm<Api.Import>('/imports', form)
}

export const readLedgerRows = (
  query: { state: Api.LedgerRowState; file: string | null; area: string | null; cursor: string | null; limit: number },
  signal?: Signal,
) => get<Api.LedgerRows>('/ledger-rows', query, signal)
export const fixLedgerRow = (id: string, cells: Record<string, string>) =>
  post<Api.LedgerRow>(`/ledger-rows/${id}/fix`, { cells })
export const setLedgerRowAside = (id: string, reason: string) =>
  post<Api.LedgerRow>(`/ledger-rows/${id}/set-aside`, { reason })

export const readJournal = (signal?: Signal) => get<Api.Journal>('/journal', {}, signal)
export const verifyJournal = () => post<Api.Verification>('/journal/verification')

export const readAccounts = (signal?: Signal) => get<Api.Accounts>('/accounts', {}, signal)
export const createAccount = (account: Api.NewAccount) => post<Api.CreatedAccount>('/accounts', account)
export const resetPassword = (login: string) =>
  post<Api.NewPassword>(`/accounts/${encodeURIComponent(login)}/password`)
export const switchAccount = (login: string, turn: 'disable' | 'enable') =>
  post<void>(`/accounts/${encodeURIComponent(login)}/${turn}`)

import { watch } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'

import { language, word } from '@/shared/words'

import type { Verb } from './api/types'
import { findSession } from './session/useSession'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name. */
    title: string
    /** The page is about an area that the reader can choose. */
    scoped?: boolean
    /** What the account must be allowed to do, one of several where it is a list, or the page says that it is not. */
    needs?: Verb | Verb[]
    /** The page keeps its place when only its parameters change. */
    stays?: boolean
  }
}

const pages: RouteRecordRaw[] = [
  { path: '', name: 'home', component: () => import('./home/HomePage.vue'), meta: { title: 'nav-home', scoped: true } },
  {
    path: 'figures',
    name: 'figures',
    component: () => import('./figures/FiguresPage.vue'),
    meta: { title: 'nav-figures', scoped: true },
  },
  {
    path: 'figures/:code',
    name: 'figure',
    component: () => import('./figures/FigurePage.vue'),
    props: true,
    meta: { title: 'nav-figures', scoped: true },
  },
  {
    path: 'records/:id',
    name: 'record',
    component: () => import('./records/RecordPage.vue'),
    props: true,
    meta: { title: 'record-page' },
  },
  {
    path: 'cases',
    name: 'cases',
    component: () => import('./cases/CasesPage.vue'),
    meta: { title: 'nav-cases', scoped: true },
  },
  {
    path: 'checks',
    name: 'checks',
    component: () => import('./checks/ChecksPage.vue'),
    meta: { title: 'nav-checks', scoped: true },
  },
  {
    path: 'checks/new',
    name: 'check-new',
    component: () => import('./checks/NewCheckPage.vue'),
    meta: { title: 'check-new', scoped: true, needs: 'record' },
  },
  {
    path: 'checks/:id',
    name: 'check',
    component: () => import('./checks/CheckPage.vue'),
    props: true,
    meta: { title: 'check-page' },
  },
  {
    path: 'activities',
    name: 'activities',
    component: () => import('./activities/ActivitiesPage.vue'),
    meta: { title: 'nav-activities', scoped: true },
  },
  {
    path: 'board',
    name: 'board',
    component: () => import('./board/BoardPage.vue'),
    meta: { title: 'nav-board', scoped: true },
  },
  {
    path: 'units',
    name: 'units',
    component: () => import('./units/UnitsPage.vue'),
    meta: { title: 'nav-units', scoped: true },
  },
  {
    path: 'units/:id',
    name: 'unit',
    component: () => import('./units/UnitPage.vue'),
    props: true,
    meta: { title: 'nav-units' },
  },
  {
    path: 'todo',
    name: 'todo',
    component: () => import('./todo/TodoPage.vue'),
    meta: { title: 'nav-todo', scoped: true },
  },
  {
    path: 'revisits',
    name: 'revisits',
    component: () => import('./revisits/RevisitsPage.vue'),
    meta: { title: 'nav-revisits', scoped: true, needs: 'oversee' },
  },
  {
    path: 'notices',
    name: 'notices',
    component: () => import('./notices/NoticesPage.vue'),
    meta: { title: 'nav-notices' },
  },
  {
    path: 'deliveries',
    name: 'deliveries',
    component: () => import('./deliveries/DeliveriesPage.vue'),
    meta: { title: 'nav-deliveries', scoped: true, needs: ['verify', 'administer'] },
  },
  {
    path: 'areas/:code?',
    name: 'areas',
    component: () => import('./area/AreasPage.vue'),
    props: true,
    meta: { title: 'nav-areas', stays: true },
  },
  {
    path: 'import',
    name: 'imports',
    component: () => import('./import/ImportsPage.vue'),
    meta: { title: 'nav-import', needs: 'import' },
  },
  {
    path: 'import/:id',
    name: 'import',
    component: () => import('./import/ImportPage.vue'),
    props: true,
    meta: { title: 'nav-import', needs: 'import' },
  },
  {
    path: 'refused',
    name: 'refused',
    component: () => import('./refused/RefusedPage.vue'),
    meta: { title: 'nav-refused', needs: 'import' },
  },
  {
    path: 'journal',
    name: 'journal',
    component: () => import('./journal/JournalPage.vue'),
    meta: { title: 'nav-journal', needs: 'verify' },
  },
  {
    path: 'accounts',
    name: 'accounts',
    component: () => import('./accounts/AccountsPage.vue'),
    meta: { title: 'nav-accounts', needs: 'administer' },
  },
  {
    path: ':rest(.*)*',
    name: 'not-found',
    component: () => import('./states/NotFoundPage.vue'),
    meta: { title: 'not-found' },
  },
]

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('./session/SignInPage.vue'),
      meta: { title: 'sign-in' },
    },
    { path: '/', component: () => import('./shell/OfficeShell.vue'), children: pages },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  // A server that does not answer is shown by the shell; it is no reason to ask for the password.
  const session = await findSession().catch(() => undefined)
  if (session === null && to.name !== 'sign-in') {
    return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  }
  if (session && to.name === 'sign-in') return { name: 'home' }
  return true
})

function nameTab({ meta }: RouteLocationNormalized): void {
  if (meta.title) document.title = `${word(meta.title)} · ${word('product')}`
}
router.afterEach(nameTab)
watch(language, () => nameTab(router.currentRoute.value))

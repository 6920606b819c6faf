import { DataLine, Document, HomeFilled, Key, MapLocation, MoreFilled, UploadFilled, User, Warning } from '@element-plus/icons-vue'
import type { Component } from 'vue'

import type { Verb } from '@/office/api/types'

export type Place = { name: string; title: string; icon: Component; needs?: Verb; scoped?: boolean; also?: string[] }

/** Where the navigation leads, in groups: the daily work, bringing in, keeping. */
export const places: Place[][] = [
  [
    { name: 'home', title: 'nav-home', icon: HomeFilled, scoped: true },
    { name: 'figures', title: 'nav-figures', icon: DataLine, scoped: true, also: ['figure'] },
    { name: 'cases', title: 'nav-cases', icon: Document, scoped: true },
    { name: 'areas', title: 'nav-areas', icon: MapLocation },
  ],
  [
    { name: 'imports', title: 'nav-import', icon: UploadFilled, needs: 'import', also: ['import'] },
    { name: 'refused', title: 'nav-refused', icon: Warning, needs: 'import' },
  ],
  [
    { name: 'journal', title: 'nav-journal', icon: Key, needs: 'verify' },
    { name: 'accounts', title: 'nav-accounts', icon: User, needs: 'administer' },
  ],
]

export const moreIcon = MoreFilled

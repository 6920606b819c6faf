import { Calendar, Checked, DataLine, Document, Finished, HomeFilled, Key, MapLocation, MoreFilled, OfficeBuilding, PhoneFilled, Present, Promotion, UploadFilled, User, Warning } from '@element-plus/icons-vue'
import { computed, type Component } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { usePlace } from '@/office/area/usePlace'
import { useSession } from '@/office/session/useSession'

type Place = { name: string; icon: Component; also?: string[] }

/** Where the navigation leads, in groups: the daily work, bringing in, keeping. What each is called stands in the routes. */
const places: Place[][] = [
  [
    { name: 'home', icon: HomeFilled },
    { name: 'todo', icon: Finished },
    { name: 'figures', icon: DataLine, also: ['figure'] },
    { name: 'cases', icon: Document },
    { name: 'checks', icon: Checked, also: ['check', 'check-new'] },
    { name: 'activities', icon: Calendar },
    { name: 'revisits', icon: PhoneFilled },
    { name: 'board', icon: Present },
    { name: 'units', icon: OfficeBuilding, also: ['unit'] },
    { name: 'areas', icon: MapLocation },
  ],
  [
    { name: 'imports', icon: UploadFilled, also: ['import'] },
    { name: 'refused', icon: Warning },
  ],
  [
    { name: 'deliveries', icon: Promotion },
    { name: 'journal', icon: Key },
    { name: 'accounts', icon: User },
  ],
]

export const moreIcon = MoreFilled

/** The places that the account may go to, with where each leads and whether the reader is there. */
export function useNavigation() {
  const route = useRoute()
  const router = useRouter()
  const { may } = useSession()
  const { query } = usePlace()
  return computed(() =>
    places
      .map((group) =>
        group.flatMap(({ name, icon, also = [] }) => {
          const { title, needs, scoped } = router.resolve({ name }).meta
          if (needs && !may(needs)) return []
          const here = [name, ...also].includes(String(route.name))
          return [{ name, title, icon, here, to: { name, query: scoped ? query.value : {} } }]
        }),
      )
      .filter((group) => group.length > 0),
  )
}

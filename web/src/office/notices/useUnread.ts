import { ref } from 'vue'

import { readNotices } from '@/office/api/calls'

/** How many notices are unread; shown in the bar of every page, and set by whoever learns it. */
const unread = ref(0)

/** The server counts no further. */
export const UNREAD_MAX = 100

export function useUnread() {
  async function ask(): Promise<void> {
    try {
      unread.value = (await readNotices({ cursor: null, limit: 1 })).unread
    } catch {
      // The number that stands is as good as none; the page of notices says what is wrong.
    }
  }
  return { unread, ask }
}

import { createApp } from 'vue'

import { preferredLanguage, words } from '@/shared/words'
import '@/shared/tokens.css'
import '@/shared/base.css'

import App from './App.vue'
import { onSignedOut } from './api/client'
import { speakOffice } from './languages'
import { router } from './routes'
import { forgetSession } from './session/useSession'

onSignedOut(() => {
  forgetSession()
  const here = router.currentRoute.value
  if (here.name !== 'sign-in') void router.push({ name: 'sign-in', query: { next: here.fullPath } })
})

await speakOffice(preferredLanguage())
createApp(App).use(words).use(router).mount('#office')

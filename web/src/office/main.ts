import { createApp } from 'vue'
import { START_LOCATION } from 'vue-router'

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
  // Before the first page there is nothing to leave, and the router asks for the password by itself.
  if (here === START_LOCATION || here.name === 'sign-in') return
  // A full load drops everything that the pages still hold of this account.
  window.location.assign(router.resolve({ name: 'sign-in', query: { next: here.fullPath } }).href)
})

await speakOffice(preferredLanguage())
createApp(App).use(words).use(router).mount('#office')

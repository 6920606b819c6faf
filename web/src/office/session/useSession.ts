import { readonly, ref } from 'vue'

import { readSession, signIn as sendSignIn, signOut as sendSignOut } from '@/office/api/calls'
import { ApiProblem } from '@/office/api/client'
import type { Session, Verb } from '@/office/api/types'

const session = ref<Session | null>(null)
let asked = false

// The cookie cannot be seen from here; this says whether there may be one, so that a first visitor is asked nothing.
const SIGNED_IN = 'tahuang.signed-in'
const mayBeSignedIn = (): boolean => localStorage.getItem(SIGNED_IN) !== null

/** Asks once who is signed in; `null` is nobody. Other failures are thrown, for the page to show. */
export async function findSession(): Promise<Session | null> {
  if (session.value || asked || !mayBeSignedIn()) return session.value
  try {
    session.value = await readSession()
    asked = true
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 401)) throw error
    asked = true
  }
  return session.value
}

export function forgetSession(): void {
  session.value = null
  localStorage.removeItem(SIGNED_IN)
}

/** Reads the session again, for its names follow the language. */
export async function renewSession(): Promise<void> {
  if (session.value) session.value = await readSession()
}

export function useSession() {
  async function signIn(login: string, password: string): Promise<void> {
    session.value = await sendSignIn(login, password)
    localStorage.setItem(SIGNED_IN, 'yes')
  }
  async function signOut(): Promise<void> {
    await sendSignOut()
    forgetSession()
  }
  const may = (verbs: Verb | Verb[]): boolean => [verbs].flat().some((verb) => session.value?.may.includes(verb))
  return { session: readonly(session), signIn, signOut, may }
}

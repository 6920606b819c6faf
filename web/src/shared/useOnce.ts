import { ref, watch, type Ref } from 'vue'

/** True from the first time that `open` is true: a dialog is loaded when it is first wanted, and then stays. */
export function useOnce(open: () => boolean): Ref<boolean> {
  const wanted = ref(false)
  watch(open, (now) => {
    wanted.value ||= now
  }, { immediate: true })
  return wanted
}

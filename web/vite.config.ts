import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type PluginOption } from 'vite'

type Entry = { base: string; plugins: () => PluginOption[] }

/** Every web application of the system: `vite build --mode <name>` builds `<name>/index.html` into `dist/<name>`. */
const entries: Record<string, Entry> = {
  office: {
    base: '/',
    plugins: () => [
      vue(),
      components({
        dirs: [],
        dts: here('src/office/element-plus.d.ts'),
        resolvers: [ElementPlusResolver({ importStyle: 'css' })],
      }),
    ],
  },
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

export default defineConfig(({ mode }) => {
  const entry = entries[mode]
  if (!entry) throw new Error(`--mode must be one of: ${Object.keys(entries).join(', ')}`)
  return {
    root: here(mode),
    base: entry.base,
    plugins: entry.plugins(),
    resolve: { alias: { '@': here('src'), '@locales': here('../locales') } },
    define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
    build: {
      outDir: here(`dist/${mode}`),
      emptyOutDir: true,
      target: 'es2022',
      // The content security policy allows no data: fonts or scripts, and small files compress well as files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 600,
    },
  }
})

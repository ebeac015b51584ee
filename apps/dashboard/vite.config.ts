import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressedAssets } from './compressed-assets.ts'

export default defineConfig({
  plugins: [react(), tailwindcss(), compressedAssets()],
  build: {
    // The content security policy knows no `data:`.
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 700,
    // What the first page needs is one file: of many small ones, each would wait for its turn.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first-page', tags: ['$initial'] }] } } },
  },
  worker: { format: 'es' },
  // `npm run dev -w @fixpoint/dashboard` beside `fixpoint serve --port 4180`.
  server: { proxy: { '^/(api|login|setup|openapi)': 'http://127.0.0.1:4180' } },
})

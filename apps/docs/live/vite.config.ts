import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';
import { pictures } from './pictures.ts';

// The playground's library, models and worker. The pages' own bundler would take minutes for them, and build them twice.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [pictures()],
  worker: { format: 'es' },
  resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
  build: {
    outDir: '../site/public/live',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: fileURLToPath(new URL('live-search.ts', import.meta.url)),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'live-search.js' },
    },
  },
});

import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';
import { pictures } from './pictures.ts';

// What the playground and the benchmark load: library, models and workers. The pages' own bundler would take minutes for them, and build them twice.
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
      input: ['live-search.ts', 'bench.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url))),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js' },
    },
  },
});

import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { samples } from './samples/plugin.ts';
import { offline } from './server/offline.ts';
import { pages } from './server/pages.ts';
import { policy } from './server/plugin.ts';
import { unused } from './server/unused.ts';

// With these headers memory can be shared, and the kernels have threads.
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

// What both pages have is React: nothing else of the one is loaded by the other.
const output = {
  codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(?:react|react-dom|scheduler)\// }] },
};

export default defineConfig({
  // Wherever the page is put, also in a folder.
  base: './',
  // What is not there is not the page: at another address it would have another policy.
  appType: 'mpa',
  plugins: [react(), samples(), offline(), policy(), unused()],
  worker: { format: 'es', plugins: () => [unused()] },
  resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
  // The policy lets nothing load data addresses.
  build: { assetsInlineLimit: 0, rolldownOptions: { input: pages, output } },
  server: { headers: isolation },
});

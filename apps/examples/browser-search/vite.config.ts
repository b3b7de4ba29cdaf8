import { defaultClientConditions, defineConfig } from 'vite';

// With these headers the kernels have threads.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  // Of this repository: its packages are their sources here. Yours needs no such line.
  resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
  server: { headers },
  preview: { headers },
});

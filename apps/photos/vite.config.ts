import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

// With these headers memory can be shared, and the kernels have threads.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  plugins: [react()],
  worker: { format: 'es' },
  resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
  server: { headers },
  preview: { headers },
});

import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  build: { rolldownOptions: { input: 'popup.html' } },
  // Of this repository: its packages are their sources here. Yours needs no such line.
  resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
});

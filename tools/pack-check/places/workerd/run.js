import { Miniflare } from 'miniflare';

const miniflare = new Miniflare({
  modules: true,
  scriptPath: 'dist/worker.js',
  modulesRules: [
    { type: 'CompiledWasm', include: ['**/*.wasm'] },
    { type: 'Data', include: ['**/*.safetensors', '**/*.png'] },
  ],
  compatibilityDate: '2026-07-01',
  compatibilityFlags: process.argv.slice(2),
});
const response = await miniflare.dispatchFetch('http://localhost/');
console.log(await response.text());
await miniflare.dispose();

import { Miniflare } from 'miniflare';

const miniflare = new Miniflare({
  modules: true,
  scriptPath: 'dist/worker.js',
  modulesRules: [
    { type: 'CompiledWasm', include: ['**/*.wasm'] },
    { type: 'Data', include: ['**/*.safetensors', '**/*.png'] },
  ],
  compatibilityDate: '2026-07-01',
  port: Number(process.env.PORT ?? 8787),
});
console.log(`${await miniflare.ready}?words=Hund`);

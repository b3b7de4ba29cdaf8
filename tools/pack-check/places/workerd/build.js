import { build } from 'esbuild';

await build({
  entryPoints: ['worker.js'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  conditions: ['worker', 'browser'],
  external: ['node:*'],
  // workerd compiles WebAssembly itself, and gives the others as bytes.
  loader: { '.wasm': 'copy', '.safetensors': 'copy', '.png': 'copy' },
});

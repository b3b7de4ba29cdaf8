import { build } from 'esbuild';

await build({
  entryPoints: ['worker.js'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  conditions: ['worker', 'browser'],
  external: ['node:*'],
  // With nodejs_compat TensorFlow.js would take the place for Node.
  define: { 'process.versions.node': 'undefined' },
  // workerd compiles WebAssembly itself, and gives the others as bytes.
  loader: { '.wasm': 'copy', '.safetensors': 'copy', '.png': 'copy' },
});

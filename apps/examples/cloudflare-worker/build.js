import { build } from 'esbuild';

await build({
  entryPoints: ['worker.js'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  conditions: ['worker', 'browser'],
  external: ['node:*'],
  // A worker has no graphics card: the import is never reached, and has to lead to something that is installed.
  alias: { '@tensorflow/tfjs-backend-webgpu': '@diptych/backend-wasm' },
  // With nodejs_compat TensorFlow.js would take the place for Node.
  define: { 'process.versions.node': 'undefined' },
  // workerd compiles WebAssembly itself, and gives the others as bytes.
  loader: { '.wasm': 'copy', '.safetensors': 'copy', '.png': 'copy' },
});

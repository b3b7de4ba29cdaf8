import { useBackend } from '@diptych/backend-wasm';
import kernels from '@diptych/backend-wasm/wasm/diptych-kernels.wasm';
import relaxed from '@diptych/backend-wasm/wasm/diptych-kernels-relaxed.wasm';
import simd from '@diptych/backend-wasm/wasm/tfjs-backend-wasm-simd.wasm';
import { blobFiles } from '@diptych/files';
import { emoji } from '@diptych/model-emoji';
import config from '@diptych/model-emoji/weights/config.json';
import weights from '@diptych/model-emoji/weights/model.safetensors';

const wasmPaths = {
  'diptych-kernels.wasm': kernels,
  'diptych-kernels-relaxed.wasm': relaxed,
  'tfjs-backend-wasm-simd.wasm': simd,
};
const files = { 'config.json': new Blob([JSON.stringify(config)]), 'model.safetensors': new Blob([weights]) };

/** The model with its weights beside the worker: workerd has no files, and compiles WebAssembly itself. */
export const model = { ...emoji, open: blobFiles(files, 'emoji').open };

/** Inside of a request, for outside of one a worker may not compute. */
export function start() {
  return useBackend('wasm', { wasmPaths, threads: 1 });
}

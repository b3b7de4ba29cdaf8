import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { wasmFileMap, type WasmPaths } from './wasm-paths.ts';

let given: string | undefined;

/**
 * Registers the wasm backend and tells it where its binaries are. tfjs takes that only before its first start.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when other paths were given before.
 */
export async function prepareWasm(paths?: WasmPaths): Promise<void> {
  if (given !== undefined && paths === undefined) return;
  const map = wasmFileMap(paths);
  const wanted = JSON.stringify(map);
  if (given === wanted) return;
  if (given !== undefined) {
    throw new EmbeddingError(
      'BACKEND_UNAVAILABLE',
      `wasm: wasmPaths are fixed by the first start: expected ${given}, got ${wanted}; start a new page or process`,
    );
  }
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // tfjs's threads break in minified bundles and need cross-origin isolation; one thread works everywhere.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({ ...map });
  given = wanted;
}

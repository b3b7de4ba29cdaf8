import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { sharesMemory } from './threads/shares-memory.ts';
import { wasmFiles, type WasmPaths } from './wasm-paths.ts';

let given: string | undefined;

/**
 * Registers the wasm backend and tells it where its binaries are, which tfjs takes only before its first start.
 *
 * @param threads For how many the memory is to be; see `sharesMemory`.
 * @returns Address of the SIMD binary.
 * @throws {EmbeddingError} `INPUT_INVALID` when other paths were given before.
 */
export async function prepareWasm(paths: WasmPaths | undefined, threads: number): Promise<string> {
  const { simd, plain, shared } = wasmFiles(paths);
  if (given !== undefined && (paths === undefined || given === simd)) return given;
  if (given !== undefined) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'wasm: wasmPaths are fixed by the first start',
      expected: given,
      got: simd,
      cure: 'start a new page or process',
    });
  }
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // tfjs's threads do not exist in Node and break in minified bundles; ours share its memory from outside.
  const binary = shared !== undefined && sharesMemory(threads) ? shared : simd;
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': binary,
    // Asked for by name, never fetched.
    'tfjs-backend-wasm-threaded-simd.wasm': binary,
  });
  return (given = simd);
}

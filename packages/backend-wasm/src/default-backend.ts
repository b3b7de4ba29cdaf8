import type { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { goesWithout, isUnavailable } from './accelerate.ts';
import { type BackendInfo, describeBackend } from './backend-info.ts';
import { useBackend, type BackendOptions } from './use-backend.ts';

/**
 * The fastest backend that runs everywhere: `wasm`, or `cpu` where that cannot start, which `missing` says, and the first time
 * a warning on the console.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when neither works, `INPUT_INVALID` for options that are wrong everywhere.
 */
export async function defaultBackend(options?: BackendOptions): Promise<BackendInfo> {
  try {
    return await useBackend('wasm', options);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    await useBackend('cpu');
    goesWithout(tf.backend(), error);
    warn(error);
    return describeBackend();
  }
}

let warned = false;

function warn({ message }: EmbeddingError): void {
  if (!warned) console.warn(`diptych: computing on 'cpu', some fifty times slower than 'wasm'. ${message}`);
  warned = true;
}

import { EmbeddingError } from '@diptych/core';
import type { BackendInfo } from './backend-info.ts';
import { useBackend, type BackendOptions } from './use-backend.ts';

/**
 * The fastest backend that runs everywhere: `wasm`, or `cpu` with `fallbackReason` where that cannot start.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when neither works.
 */
export async function defaultBackend(options?: BackendOptions): Promise<BackendInfo> {
  try {
    return await useBackend('wasm', options);
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    return { ...(await useBackend('cpu')), fallbackReason: error.message };
  }
}

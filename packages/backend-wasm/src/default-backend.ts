import { isUnavailable } from './accelerate.ts';
import type { BackendInfo } from './backend-info.ts';
import { useBackend, type BackendOptions } from './use-backend.ts';

/**
 * The fastest backend that runs everywhere: `wasm`, or `cpu` where that cannot start, which `missing` says.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when neither works, `INPUT_INVALID` for options that are wrong everywhere.
 */
export async function defaultBackend(options?: BackendOptions): Promise<BackendInfo> {
  try {
    return await useBackend('wasm', options);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const info = await useBackend('cpu');
    return { ...info, missing: [error.message, ...info.missing] };
  }
}

import { type BackendInfo, useBackend } from '@diptych/backend-wasm';
import { EmbeddingError } from '@diptych/core';
import { findBackendFactory } from '@tensorflow/tfjs-core';
import { findAdapter } from './adapter.ts';

/**
 * Makes WebGPU the backend, once its numbers are proved right. The earlier one stays where that fails.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` without an adapter or the optional package, and what `useBackend` throws.
 */
export async function startWebgpu(): Promise<BackendInfo> {
  const adapter = await findAdapter();
  if (!adapter) throw unavailable('an adapter of WebGPU', 'none in this browser, page or process', "use 'wasm'");
  await loadPackage();
  return { ...(await useBackend('webgpu')), adapter: adapter.name };
}

async function loadPackage(): Promise<void> {
  const name = '@tensorflow/tfjs-backend-webgpu';
  try {
    await import('@tensorflow/tfjs-backend-webgpu');
  } catch (cause) {
    throw unavailable(`the optional package ${name}`, cause, `npm install ${name}`);
  }
  if (!findBackendFactory('webgpu')) {
    throw unavailable('one copy of @tensorflow/tfjs-core', `another one under ${name}`, 'npm dedupe');
  }
}

function unavailable(expected: string, got: unknown, cure: string): EmbeddingError {
  return new EmbeddingError('BACKEND_UNAVAILABLE', { where: 'webgpu', expected, got, cure }, { cause: got });
}

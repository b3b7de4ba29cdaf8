import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { describeBackend, type BackendInfo } from './backend-info.ts';
import { inTurn } from './in-turn.ts';
import { prepareWasm } from './prepare-wasm.ts';
import { selfCheck } from './self-check.ts';
import type { WasmPaths } from './wasm-paths.ts';

/** A backend's name in TensorFlow.js. `wasm` and `cpu` come along; others must be imported by the caller. */
export type BackendName = 'wasm' | 'cpu' | 'webgl' | 'webgpu' | (string & {});

export interface BackendOptions {
  /** Where the wasm binaries are; by default those that this package ships. Fixed by the first start. */
  readonly wasmPaths?: WasmPaths;
}

const checked = new WeakSet<object>();

/**
 * Makes `name` the backend of all tensor operations, once it is started and its numbers are proved right.
 *
 * Calls take turns, a repeated call costs nothing, and a failed one leaves the earlier backend in place. Tensors stay
 * readable on the backend that made them.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when it is unknown, cannot start here or computes wrong numbers.
 */
export function useBackend(name: BackendName, options: BackendOptions = {}): Promise<BackendInfo> {
  return inTurn(async () => {
    const before = tf.getBackend();
    try {
      await register(name, options);
      await start(name);
      return await describeBackend();
    } catch (error) {
      if (before && before !== tf.getBackend()) await tf.setBackend(before);
      throw error;
    }
  });
}

async function register(name: string, { wasmPaths }: BackendOptions): Promise<void> {
  if (name === 'wasm') await prepareWasm(wasmPaths);
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  if (tf.findBackendFactory(name)) return;
  const known = tf.engine().backendNames().join(', ');
  throw new EmbeddingError(
    'BACKEND_UNAVAILABLE',
    `${name}: expected a registered backend (${known}); import its package first, as '@tensorflow/tfjs-backend-webgl'`,
  );
}

async function start(name: string): Promise<void> {
  let cause: unknown;
  const started = await tf.setBackend(name).catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (!started) {
    throw new EmbeddingError('BACKEND_UNAVAILABLE', `${name}: TensorFlow.js could not start it here`, { cause });
  }
  const backend = tf.backend();
  if (checked.has(backend)) return;
  await selfCheck();
  checked.add(backend);
}

import { EmbeddingError, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { accelerate, setThreads } from './accelerate.ts';
import { describeBackend, type BackendInfo } from './backend-info.ts';
import { inTurn } from './in-turn.ts';
import { type PreparedWasm, prepareWasm, startOn } from './wasm/prepare-wasm.ts';
import { cannotStart } from './cannot-start.ts';
import { coreCount } from './threads/core-count.ts';
import { keepProcessListeners } from './process-listeners.ts';
import { quietly } from './quietly.ts';
import { selfCheck } from './self-check.ts';
import { checkPaths, type WasmOptions } from './wasm/wasm-paths.ts';
import { whyNot } from './why-not.ts';

/** A backend's name in TensorFlow.js. `wasm` and `cpu` come along; others must be imported by the caller. */
export type BackendName = 'wasm' | 'cpu' | 'webgl' | 'webgpu' | (string & {});

/** `wasmPaths` are fixed by the first start. */
export interface BackendOptions extends WasmOptions {
  /**
   * Threads that one operation may use with the kernels of `wasm`, this one included; at the start as many as there are
   * cores, at most 8. Results do not depend on it. Where memory cannot be shared, in pages that are not cross-origin
   * isolated, there is one; in others 1 at the first start means 1 for good.
   */
  readonly threads?: number;
}

const checked = new WeakSet<object>();

/**
 * Makes `name` the backend of all tensor operations, once it is started and its numbers are proved right.
 *
 * Calls take turns, a repeated call costs nothing, and a failed one leaves the earlier backend in place. Tensors stay
 * readable on the backend that made them.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when it is unknown, cannot start here or computes wrong numbers;
 *   `INPUT_INVALID` for options that are not what they say, or `wasmPaths` that are not those of the first start.
 */
export async function useBackend(name: BackendName, options: BackendOptions = {}): Promise<BackendInfo> {
  expectMembers(options, 'useBackend: options');
  checkThreads(options);
  checkPaths(options);
  return inTurn(async () => {
    const before = tf.getBackend();
    try {
      const prepared = await register(name, options);
      const fresh = await quietly(() => keepProcessListeners(() => start(name, prepared)));
      const { threads = fresh ? coreCount() : undefined } = options;
      if (name === 'wasm' && threads !== undefined) setThreads(tf.backend(), threads);
      return await describeBackend();
    } catch (error) {
      if (before && before !== tf.getBackend()) await tf.setBackend(before);
      throw error;
    }
  });
}

function checkThreads({ threads = 1 }: BackendOptions): void {
  if (Number.isSafeInteger(threads) && threads >= 1 && threads <= 64) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'threads',
    expected: 'a whole number from 1 to 64',
    got: threads,
  });
}

/** Lets tfjs know the backend. */
async function register(
  name: string,
  { wasmPaths, threads = coreCount() }: BackendOptions,
): Promise<PreparedWasm | undefined> {
  if (name === 'wasm' && typeof WebAssembly === 'undefined') throw noWebAssembly();
  if (name === 'wasm') return prepareWasm(wasmPaths, threads);
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  if (tf.findBackendFactory(name)) return undefined;
  throw new EmbeddingError('BACKEND_UNAVAILABLE', {
    where: name,
    expected: `a registered backend (${tf.engine().backendNames().join(', ')})`,
    got: 'none of that name',
    cure: "import its package first, as '@tensorflow/tfjs-backend-webgl'",
  });
}

function noWebAssembly(): EmbeddingError {
  return new EmbeddingError('BACKEND_UNAVAILABLE', {
    where: 'wasm',
    expected: 'WebAssembly',
    got: 'none in this process or page (node --jitless, a policy)',
    cure: "use 'cpu'",
  });
}

/** Whether it runs for the first time. */
async function start(name: string, prepared: PreparedWasm | undefined): Promise<boolean> {
  await startOn(prepared?.module, async () => {
    const cure = prepared ? `check ${prepared.place}, set wasmPaths, or use 'cpu'` : "use 'wasm'";
    if (!(await tf.setBackend(name))) throw cannotStart(name, await whyNot(name), cure);
  });
  const backend = tf.backend();
  if (checked.has(backend)) return false;
  await (prepared ? accelerate(backend, selfCheck, prepared.paths) : selfCheck());
  checked.add(backend);
  return true;
}

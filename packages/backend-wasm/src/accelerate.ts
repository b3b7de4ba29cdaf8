import { EmbeddingError } from '@diptych/core';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { kernelVariant, type KernelVariant } from './kernels/binary.ts';
import { type InstalledKernels, installKernels } from './kernels/install-kernels.ts';
import type { WasmPaths } from './wasm/wasm-paths.ts';

/** The kernels of each backend, or why it goes without them. */
const accelerated = new WeakMap<KernelBackend, InstalledKernels | EmbeddingError>();

/**
 * Adds our kernels to a started wasm backend and runs `check` on it. Where they cannot run or fail the check, which is
 * `BACKEND_UNAVAILABLE`, plain operations go on as before, and `kernelsOf` says why.
 *
 * @throws what `check` throws without our kernels, and whatever else goes wrong with them.
 */
export async function accelerate(backend: KernelBackend, check: () => Promise<void>, paths?: WasmPaths): Promise<void> {
  try {
    const installed = await installKernels(backend, kernelVariant(), paths);
    await check().catch((error: unknown) => {
      installed.uninstall();
      throw error;
    });
    accelerated.set(backend, installed);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    await check();
    accelerated.set(backend, error);
  }
}

/** Says why a backend runs in place of a faster one. */
export function goesWithout(backend: KernelBackend, why: EmbeddingError): void {
  accelerated.set(backend, why);
}

/** Whether an error says that something cannot run here, rather than that it was asked for wrongly or is broken. */
export function isUnavailable(error: unknown): error is EmbeddingError {
  return error instanceof EmbeddingError && error.code === 'BACKEND_UNAVAILABLE';
}

/** Shares the work of operations among `threads` threads from now on, where the memory can be shared. */
export function setThreads(backend: KernelBackend, threads: number): void {
  const installed = accelerated.get(backend);
  if (installed && 'pool' in installed) installed.pool?.resize(threads);
}

interface RunningKernels {
  readonly kernels?: KernelVariant;
  readonly threads: number;
  readonly missing: readonly string[];
}

const oneThread =
  'threads: the memory is not shared: that takes a page that is cross-origin isolated, and more than one thread at the first start';

/** Which kernels a backend was given and how they run, and why not better. */
export function kernelsOf(backend: KernelBackend): RunningKernels {
  const installed = accelerated.get(backend);
  if (!installed) return { threads: 1, missing: [] };
  if (installed instanceof EmbeddingError) return { threads: 1, missing: [installed.message] };
  const { variant, pool } = installed;
  const why = pool ? pool.problem : oneThread;
  return { kernels: variant, threads: pool?.threads ?? 1, missing: why === undefined ? [] : [why] };
}

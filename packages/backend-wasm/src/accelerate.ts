import type { KernelBackend } from '@tensorflow/tfjs-core';
import type { KernelVariant } from './kernels/binary.ts';
import { type InstalledKernels, installKernels } from './kernels/install-kernels.ts';

const accelerated = new WeakMap<KernelBackend, InstalledKernels>();

/**
 * Adds our kernels to a started wasm backend and runs `check` on it. Where they cannot run or fail the check, plain
 * operations go on as before, and a warning says why.
 *
 * @throws what `check` throws without our kernels.
 */
export async function accelerate(backend: KernelBackend, check: () => Promise<void>): Promise<void> {
  try {
    const installed = await installKernels(backend);
    await check().catch((error: unknown) => {
      installed.uninstall();
      throw error;
    });
    accelerated.set(backend, installed);
  } catch (error) {
    await check();
    console.warn(
      `diptych: wasm runs without its fast kernels: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Which kernels a backend was given; undefined where plain operations run. */
export function kernelsOf(backend: KernelBackend): KernelVariant | undefined {
  return accelerated.get(backend)?.variant;
}

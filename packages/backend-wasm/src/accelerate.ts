import type { KernelBackend } from '@tensorflow/tfjs-core';
import type { Arithmetic } from './kernels/arithmetic.ts';
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

/** Has linear layers multiply other numbers from now on; nothing happens where only plain operations run. */
export function setArithmetic(backend: KernelBackend, arithmetic: Arithmetic): void {
  const installed = accelerated.get(backend);
  if (installed) installed.runtime.arithmetic = arithmetic;
}

/** Which kernels a backend was given, and what their linear layers multiply; undefined where plain operations run. */
export function kernelsOf(backend: KernelBackend): { kernels: KernelVariant; arithmetic: Arithmetic } | undefined {
  const installed = accelerated.get(backend);
  return installed && { kernels: installed.variant, arithmetic: installed.runtime.arithmetic };
}

import type { SearchKernels } from '@diptych/core';
import { kernelVariant, type KernelVariant } from '../kernels/binary.ts';
import { compileBinary } from '../kernels/compile-binary.ts';
import type { WasmOptions } from '../wasm/wasm-paths.ts';
import { layouts } from './layouts.ts';
import { searchKernel } from './search-kernel.ts';

/**
 * Kernels for the searches of `@diptych/retrieval`, in WebAssembly with SIMD: the same scores as in plain JavaScript, bit
 * for bit. They need no TensorFlow.js. Rows are copied into a memory of their own, which is freed with the searcher.
 *
 * @returns `undefined` where the engine has no SIMD.
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the binary cannot be read. The kernels throw `OUT_OF_MEMORY` for
 *   rows that do not fit, 4 GiB at most.
 */
export async function searchKernels(options: WasmOptions = {}): Promise<SearchKernels | undefined> {
  return typeof WebAssembly === 'undefined' ? undefined : searchKernelsOf(kernelVariant(), options);
}

export async function searchKernelsOf(
  variant: KernelVariant,
  options: WasmOptions = {},
): Promise<SearchKernels | undefined> {
  const module = await compileBinary({ kind: 'search', variant, user: 'search' }, options);
  if (!module) return undefined;
  return {
    float32: searchKernel(module, variant, layouts.float32),
    int8: searchKernel(module, variant, layouts.int8),
    ubinary: searchKernel(module, variant, layouts.ubinary),
  };
}

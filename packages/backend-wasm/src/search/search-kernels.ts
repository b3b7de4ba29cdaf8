import type { SearchKernels } from '@diptych/core';
import { kernelVariant, type KernelVariant } from '../kernels/binary.ts';
import { compileBinary } from '../kernels/compile-binary.ts';
import { searchUrl } from '../wasm-paths.ts';
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
export async function searchKernels(): Promise<SearchKernels | undefined> {
  return typeof WebAssembly === 'undefined' ? undefined : searchKernelsOf(kernelVariant());
}

export async function searchKernelsOf(variant: KernelVariant): Promise<SearchKernels | undefined> {
  const module = await compileBinary(searchUrl(variant), 'search');
  if (!module) return undefined;
  return {
    float32: searchKernel(module, variant, layouts.float32),
    int8: searchKernel(module, variant, layouts.int8),
    ubinary: searchKernel(module, variant, layouts.ubinary),
  };
}

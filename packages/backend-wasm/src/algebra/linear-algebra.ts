import type { LinearAlgebra } from '@diptych/core';
import { kernelVariant, type KernelVariant } from '../kernels/binary.ts';
import { compileBinary } from '../kernels/compile-binary.ts';
import { cannotStart } from '../cannot-start.ts';
import type { WasmOptions } from '../wasm/wasm-paths.ts';
import { readExports } from './exports.ts';
import { matricesIn } from './matrices.ts';
import { workspace } from './workspace.ts';

/**
 * Linear algebra in double precision, for `@diptych/alignment`, in WebAssembly with SIMD. It needs no TensorFlow.js, and
 * has a memory of its own that keeps the size of the largest call and goes with it.
 *
 * @returns `undefined` where the engine has no SIMD.
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the binary cannot be read or started. Its functions throw `OUT_OF_MEMORY` for
 *   matrices that do not fit, 4 GiB at most.
 */
export async function linearAlgebra(options: WasmOptions = {}): Promise<LinearAlgebra | undefined> {
  return typeof WebAssembly === 'undefined' ? undefined : linearAlgebraOf(kernelVariant(), options);
}

export async function linearAlgebraOf(
  variant: KernelVariant,
  options: WasmOptions = {},
): Promise<LinearAlgebra | undefined> {
  const module = await compileBinary({ kind: 'algebra', variant, user: 'linear algebra' }, options);
  if (!module) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: 0 });
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    return matricesIn(readExports(instance.exports), workspace(memory));
  } catch (cause) {
    throw cannotStart('linear algebra', cause, 'go on without it');
  }
}

import { linearAlgebra } from '@diptych/backend-wasm/algebra';
import type { LinearAlgebra } from '@diptych/core';

/** Linear algebra in WebAssembly, which every engine that tests run on has. */
export async function fastAlgebra(): Promise<LinearAlgebra> {
  const algebra = await linearAlgebra();
  if (!algebra) throw new Error('expected an engine with SIMD');
  return algebra;
}

import type { LinearAlgebra } from '@diptych/core';
import { symmetricEigen } from '@diptych/core/eigen';
import { cholesky, solveLower, solveLowerTransposed } from './cholesky.ts';
import { multiplyBySelf, multiplyTransposed, transpose } from './matrix.ts';

/** In plain JavaScript. */
export const plainAlgebra: LinearAlgebra = {
  multiply(a, b, transposed) {
    return multiplyTransposed(transposed === 'a' ? transpose(a) : a, transposed === 'b' ? b : transpose(b));
  },
  gram: (a) => multiplyBySelf(transpose(a)),
  cholesky,
  solveLower: (l, b, transposed) => (transposed ? solveLowerTransposed(l, b) : solveLower(l, b)),
  symmetricEigen,
};

/** Where linear algebra can be done by something faster, and given up. The event loop turns all the while. */
export interface AlgebraOptions {
  /** Default plain JavaScript. `linearAlgebra()` of `@diptych/backend-wasm/algebra` is 10 to 30 times as fast. */
  readonly algebra?: LinearAlgebra | undefined;
  /** What is under way rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

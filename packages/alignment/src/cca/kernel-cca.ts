import { EmbeddingError, inTurns, type LinearAlgebra, pieces, type Steps } from '@diptych/core';
import { columnMeans } from '../linear-algebra/columns.ts';
import { addToDiagonal, leadingColumns, type Matrix, type Rows } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { svd } from '../linear-algebra/svd.ts';
import { withSigns } from './sign-rule.ts';
import { checkArguments } from './check-arguments.ts';

/** Kernel CCA of two views, as plain data. */
export interface KernelCca {
  /** Singular values, largest first, in `[0, 1)`. */
  readonly values: Float64Array;
  readonly x: KernelView;
  readonly y: KernelView;
}

/** One side: centred kernel values with the training rows, times `weights`. */
export interface KernelView {
  /** Mean of every column of the training kernel. */
  readonly mean: Float64Array;
  /** `[training rows, components]`. */
  readonly weights: Matrix;
}

export interface KernelCcaOptions extends AlgebraOptions {
  /** Added to the diagonal of both centred kernels, above 0. */
  readonly kappa: number;
  /** How many directions to keep; default all. */
  readonly components?: number;
}

/**
 * Regularised kernel CCA, Hardoon et al. 2004: singular values of `(Kx + κI)⁻¹ Kx Ky (Ky + κI)⁻¹`, kernels centred.
 * Time grows with the cube of the rows. The event loop turns all the while; rejects with the reason of its signal.
 *
 * @param kernelX `[n, n]`, the kernel of every training row of x with every other, not centred.
 * @param kernelY The same of y, in the same order.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they are not square and of one size.
 */
export async function kernelCca(kernelX: Rows, kernelY: Rows, options: KernelCcaOptions): Promise<KernelCca> {
  checkArguments('kernelCca', { rows: [kernelX, kernelY], options });
  return inTurns(kernelCcaSteps(kernelX, kernelY, options), options.signal);
}

function* kernelCcaSteps(
  kernelX: Rows,
  kernelY: Rows,
  { kappa, components, algebra = plainAlgebra }: KernelCcaOptions,
): Steps<KernelCca> {
  const n = kernelX.shape[0];
  if ([...kernelX.shape, ...kernelY.shape].some((size) => size !== n)) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'kernelCca',
      expected: `two kernels [${n},${n}]`,
      got: `[${kernelX.shape}] and [${kernelY.shape}]`,
    });
  }
  const [meanX, meanY] = [columnMeans(kernelX, 'kernelX'), columnMeans(kernelY, 'kernelY')];
  const [x, y] = [centred(kernelX, meanX), centred(kernelY, meanY)];
  const solveX = yield* inverse(addToDiagonal(x, kappa), algebra);
  const solveY = yield* inverse(addToDiagonal(y, kappa), algebra);
  const { u, values, v } = yield* svd(yield* algebra.multiply(yield* solveX(x), yield* solveY(y), 'b'), algebra);
  const count = Math.min(n, components ?? n);
  const [a, b] = withSigns(yield* solveX(leadingColumns(u, count)), yield* solveY(leadingColumns(v, count)));
  return { values: values.slice(0, count), x: { mean: meanX, weights: a }, y: { mean: meanY, weights: b } };
}

/** The inverse of a positive definite matrix, times `b`. */
function* inverse(a: Matrix, algebra: LinearAlgebra): Steps<(b: Matrix) => Steps<Matrix>> {
  const lower = yield* algebra.cholesky(a);
  return function* (b) {
    return yield* algebra.solveLower(lower, yield* algebra.solveLower(lower, b), 'transposed');
  };
}

/**
 * New rows in the common space.
 *
 * @param kernel `[n, training rows]`, the kernel of every new row with every training row, not centred.
 * @returns `[n, components]`.
 */
export async function projectKernel(view: KernelView, kernel: Rows, options: AlgebraOptions = {}): Promise<Matrix> {
  checkArguments('projectKernel', { view, rows: [kernel], options });
  const { mean, weights } = view;
  const { algebra = plainAlgebra, signal } = options;
  if (kernel.shape[1] !== mean.length) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'projectKernel',
      expected: `${mean.length} columns`,
      got: kernel.shape[1],
    });
  }
  return inTurns(algebra.multiply(centred(kernel, mean), weights), signal);
}

/** `exp(-gamma |a - b|²)` for every row of `a` and of `b`, `[a rows, b rows]`. Rejects with the reason of its signal. */
export async function rbfKernel(
  a: Rows,
  b: Rows,
  gamma: number,
  options: Pick<AlgebraOptions, 'signal'> = {},
): Promise<Matrix> {
  checkArguments('rbfKernel', { rows: [a, b], options });
  return inTurns(rbfSteps(a, b, gamma), options.signal);
}

function* rbfSteps(a: Rows, b: Rows, gamma: number): Steps<Matrix> {
  const [[n, width], m] = [a.shape, b.shape[0]];
  const data = new Float64Array(n * m);
  const pause = pieces();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let squares = 0;
      for (let k = 0; k < width; k++) squares += (a.data[i * width + k]! - b.data[j * width + k]!) ** 2;
      data[i * m + j] = Math.exp(-gamma * squares);
    }
    if (pause(m * width)) yield undefined;
  }
  return { data, shape: [n, m] };
}

/** Kernel values of deviations from the training rows' mean in feature space. */
function centred({ data, shape: [n, m] }: Rows, mean: Float64Array): Matrix {
  const grand = mean.reduce((sum, value) => sum + value, 0) / m;
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += data[i * m + j]!;
    for (let j = 0; j < m; j++) out[i * m + j] = data[i * m + j]! - sum / m - mean[j]! + grand;
  }
  return { data: out, shape: [n, m] };
}

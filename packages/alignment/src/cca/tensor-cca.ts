import { EmbeddingError, inTurns, type LinearAlgebra, seededRandom, type Steps } from '@diptych/core';
import { type Matrix, multiplyElements, type Rows, scaleColumns, transpose } from '../linear-algebra/matrix.ts';
import { plainAlgebra } from '../linear-algebra/plain.ts';
import { agreement, checkViews, type MultiviewCca, type MultiviewOptions, stack, weightsOf } from './multiview.ts';
import { columnSigns } from './sign-rule.ts';

export interface TensorCcaOptions extends MultiviewOptions {
  /** Of each beginning, which ends before where no value moves by more than 1e-12; default 1,000. */
  readonly iterations?: number;
  /** Beginnings, of which the one that ends nearest to the tensor counts; all but the first are random. Default 8. */
  readonly tries?: number;
  /** Of the random ones; default 1. */
  readonly seed?: number;
}

/**
 * Tensor CCA, Luo et al. 2015 (arXiv:1502.02330): directions of three and more views whose projections are large together, by
 * the correlation of all at once rather than of each pair. The covariance tensor of the whitened views is approximated by
 * `components` products of unit directions (CP, by alternating least squares from the directions that agree most in pairs, and
 * from random ones); the tensor itself is never built. It ends where no view's directions can be bettered by themselves, which need
 * not be the best of all.
 *
 * Values are those of the products, largest first: for one component the sum of the products of all projections, over `n - 1`.
 * On each component every view but the last has its weight of largest magnitude positive, and none of the values is negative. The
 * event loop turns all the while; rejects with the reason of its signal.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the views differ in rows, `INPUT_INVALID` for fewer than two views, more
 * components than a view has columns, or when the columns of one are linearly dependent and there is no ridge.
 */
export async function tensorCca(views: readonly Rows[], options: TensorCcaOptions): Promise<MultiviewCca> {
  checkViews('tensorCca', views, options);
  const least = Math.min(...views.map(({ shape }) => shape[1]));
  if (views.length < 2 || !(options.components >= 1 && options.components <= least)) {
    const expected = 'at least 2 views, each of at least as many columns as there are components';
    const got = `${views.length} of ${least} columns, components ${options.components}`;
    throw new EmbeddingError('INPUT_INVALID', { where: 'tensorCca', expected, got });
  }
  return inTurns(tensorSteps(views, options), options.signal);
}

function* tensorSteps(views: readonly Rows[], options: TensorCcaOptions): Steps<MultiviewCca> {
  const { components, tries = 8, seed = 1 } = options;
  const { parts, vectors, rows } = yield* agreement(views, options);
  const scale = Math.sqrt(rows.shape[0] - 1);
  const sizes = parts.map(({ mean }) => mean.length);
  const whitened = rowParts(transpose(rows), sizes).map((part) => scaled(transpose(part), scale));
  const random = seededRandom(seed);
  let best = yield* products(whitened, rowParts(vectors, sizes), options);
  for (let i = 1; i < tries; i++) {
    const beginning = sizes.map((size): Matrix => {
      return {
        data: Float64Array.from({ length: size * components }, () => random() - 0.5),
        shape: [size, components],
      };
    });
    const found = yield* products(whitened, beginning, options);
    if (found.nearness > best.nearness + 1e-12) best = found;
  }
  const { directions, lengths } = best;
  const order = [...lengths.keys()].toSorted((a, b) => lengths[b]! - lengths[a]!);
  const stacked = scaled(stack(directions.map((matrix) => picked(matrix, order))), scale);
  const found = yield* weightsOf(parts, stacked, options);
  const signs = found.slice(0, -1).map(({ weights }) => columnSigns(weights));
  const last = Float64Array.from(order, (_, j) => signs.reduce((product, sign) => product * sign[j]!, 1));
  return {
    values: Float64Array.from(order, (j) => lengths[j]!),
    views: found.map(({ mean, weights }, i) => ({ mean, weights: scaleColumns(weights, signs[i] ?? last) })),
  };
}

interface Products {
  readonly directions: readonly Matrix[];
  readonly lengths: Float64Array;
  /** What the products take of the tensor's sum of squares. */
  readonly nearness: number;
}

/** Alternating least squares. */
function* products(
  rows: readonly Matrix[],
  beginning: readonly Matrix[],
  { components, iterations = 1000, algebra = plainAlgebra }: TensorCcaOptions,
): Steps<Products> {
  const directions = beginning.map((part) => unitColumns(part).matrix);
  let lengths = new Float64Array(components);
  let nearness = 0;
  for (let i = 0, moved = Infinity; i < iterations && moved > 1e-12; i++) {
    const before = lengths;
    for (const at of directions.keys()) {
      const { moment, solution } = yield* leastSquares(rows, directions, at, algebra);
      const fit = unitColumns(solution);
      // At the least squares, the products' own square is their product with the tensor.
      nearness = moment.data.reduce((sum, value, j) => sum + value * solution.data[j]!, 0);
      directions[at] = fit.matrix;
      lengths = fit.lengths;
    }
    moved = lengths.reduce((largest, value, j) => Math.max(largest, Math.abs(value - before[j]!)), 0);
  }
  return { directions, lengths, nearness };
}

/**
 * The directions of view `at` that bring the products nearest to the tensor, the other views' given, `[columns, components]`,
 * and the tensor's products with those.
 */
function* leastSquares(
  rows: readonly Matrix[],
  directions: readonly Matrix[],
  at: number,
  algebra: LinearAlgebra,
): Steps<{ readonly moment: Matrix; readonly solution: Matrix }> {
  let scores: Matrix | undefined;
  let grams: Matrix | undefined;
  for (const [i, own] of directions.entries()) {
    if (i === at) continue;
    const [along, gram] = [yield* algebra.multiply(rows[i]!, own), yield* algebra.gram(own)];
    scores = scores ? multiplyElements(scores, along) : along;
    grams = grams ? multiplyElements(grams, gram) : gram;
  }
  const n = rows[at]!.shape[0];
  const moment = scaled(yield* algebra.multiply(rows[at]!, scores!, 'a'), 1 / (n - 1));
  const lower = yield* algebra.cholesky(grams!);
  const half = yield* algebra.solveLower(lower, transpose(moment));
  return { moment, solution: transpose(yield* algebra.solveLower(lower, half, 'transposed')) };
}

/** Blocks of as many rows as each size says. */
function rowParts({ data, shape: [, columns] }: Matrix, sizes: readonly number[]): Matrix[] {
  let at = 0;
  return sizes.map((size) => ({ data: data.slice(at, (at += size * columns)), shape: [size, columns] }));
}

function scaled({ data, shape }: Matrix, factor: number): Matrix {
  return { data: data.map((value) => value * factor), shape };
}

function picked({ data, shape: [rows, columns] }: Matrix, order: readonly number[]): Matrix {
  const out = new Float64Array(rows * order.length);
  for (let i = 0; i < rows; i++) order.forEach((j, k) => (out[i * order.length + k] = data[i * columns + j]!));
  return { data: out, shape: [rows, order.length] };
}

/** Each column at length 1, and what it was. */
function unitColumns(matrix: Matrix): { readonly matrix: Matrix; readonly lengths: Float64Array<ArrayBuffer> } {
  const [, columns] = matrix.shape;
  const lengths = new Float64Array(columns);
  matrix.data.forEach((value, at) => (lengths[at % columns]! += value * value));
  lengths.forEach((value, j) => (lengths[j] = Math.sqrt(value)));
  const inverses = lengths.map((length) => (length > 0 ? 1 / length : 0));
  return { matrix: scaleColumns(matrix, inverses), lengths };
}

import { expectTensor } from '@diptych/nn';
import { atOnce, EmbeddingError, expectMembers, type LinearAlgebra, type Steps, subtractRow } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { columnMeans } from '../linear-algebra/columns.ts';
import { leadingColumns, type Matrix, type Rows, scaleColumns } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { ccaSteps } from './cca.ts';
import { momentsSteps } from './moments.ts';
import { projectSteps } from './project.ts';
import type { Pair } from '../losses/distillation.ts';
import { checkArguments } from './check-arguments.ts';

export interface DeepCcaOptions extends Omit<AlgebraOptions, 'signal'> {
  /** How many correlations count; default all. */
  readonly components?: number;
  /** Added to the variance of every column of both; default 1e-4 each. */
  readonly ridge?: readonly [a: number, b: number];
}

/** The loss of deep CCA and its gradient in double precision. */
export interface TotalCorrelation {
  /** Minus the sum of the singular values. */
  readonly loss: number;
  /** Largest first, without those that are 0 for want of rows. */
  readonly values: Float64Array;
  readonly gradientA: Matrix;
  readonly gradientB: Matrix;
}

/**
 * Deep CCA, Andrew et al. 2013, on arrays. With projections `x` and `y` of the centred rows by canonical weights `A` and
 * `B`, the gradient is `(x · diag(values) − y) Aᵀ / (n − 1)`: nothing is differentiated through a decomposition. All in one
 * piece, as a loss is of one batch.
 *
 * @param a `[n, p]` outputs of one network.
 * @param b `[n, q]` outputs of the other; row `i` matches row `i` of `a`. `n` is to be ten times `p` and `q`.
 * @throws {EmbeddingError} As `moments` and `cca`.
 */
export function totalCorrelation(a: Rows, b: Rows, options: DeepCcaOptions = {}): TotalCorrelation {
  checkArguments('totalCorrelation', { rows: [a, b], options });
  return atOnce(correlationSteps(a, b, options));
}

function* correlationSteps(
  a: Rows,
  b: Rows,
  { components, ridge = [1e-4, 1e-4], algebra = plainAlgebra }: DeepCcaOptions,
): Steps<TotalCorrelation> {
  const left = yield* spanned(a, algebra);
  const right = yield* spanned(b, algebra);
  const of = yield* momentsSteps(left.rows, right.rows, { algebra });
  const fit = yield* ccaSteps(of, { ridge, algebra, components });
  const x = yield* projectSteps(fit.x, left.rows, { algebra });
  const y = yield* projectSteps(fit.y, right.rows, { algebra });
  return {
    loss: -fit.values.reduce((sum, value) => sum + value, 0),
    values: fit.values,
    gradientA: yield* gradient(left, difference(x, y, fit.values), fit.x.weights),
    gradientB: yield* gradient(right, difference(y, x, fit.values), fit.y.weights),
  };

  function* gradient({ basis }: Spanned, differences: Matrix, weights: Matrix): Steps<Matrix> {
    const slopes = yield* algebra.multiply(differences, weights, 'b');
    return basis ? yield* algebra.multiply(slopes, basis, 'b') : slopes;
  }
}

/** Rows as they are, or by coordinates along the columns of a basis `[columns, rank]`. */
interface Spanned {
  readonly rows: Rows;
  readonly basis?: Matrix;
}

/**
 * Rows that are no more than their columns, by coordinates along an orthonormal basis of what they span around their mean:
 * it holds all weights, whatever the ridge, and is as small as the rows are few.
 */
function* spanned(x: Rows, algebra: LinearAlgebra): Steps<Spanned> {
  if (x.shape[0] > x.shape[1]) return { rows: x };
  const centred = subtractRow(x, columnMeans(x, 'deepCca'));
  const { values, vectors } = yield* algebra.symmetricEigen(yield* algebra.multiply(centred, centred, 'b'));
  if (!(values[0]! > 0)) return { rows: x };
  const lengths = values.filter((value) => value > values.length * Number.EPSILON * values[0]!).map(Math.sqrt);
  const directions = leadingColumns(vectors, lengths.length);
  const inverses = lengths.map((length) => 1 / length);
  const basis = yield* algebra.multiply(centred, scaleColumns(directions, inverses), 'a');
  return { rows: scaleColumns(directions, lengths), basis };
}

/**
 * The same for tensors, computed in double precision outside the backend and differentiable once.
 *
 * @returns Minus the sum of the correlations, at least `-components`.
 */
export function deepCca(a: tf.Tensor2D, b: tf.Tensor2D, options: DeepCcaOptions = {}): tf.Scalar {
  for (const x of [a, b]) expectTensor(x, 'deepCca', ['n', 'd']);
  const operation = tf.customGrad((...given) => {
    const [x, y] = given as tf.Tensor[];
    const { loss, gradientA, gradientB } = totalCorrelation(rowsOf(x!, 'deepCca'), rowsOf(y!, 'deepCca'), options);
    return {
      value: tf.scalar(loss),
      gradFunc: (dy: tf.Tensor) => {
        return [gradientA, gradientB].map((slopes) => slopeOf(slopes, dy));
      },
    };
  });
  return operation(a, b) as tf.Scalar;
}

export interface DeepCcaAutoencoderOptions extends DeepCcaOptions {
  /** Of what reconstructions miss; default 1e-3. */
  readonly weight?: number;
}

/**
 * Deep canonically correlated autoencoders, Wang et al. 2015 (arXiv:1602.01024): `deepCca` of the codes, and `weight` times the
 * squared distance of each input from what a decoder makes of its code, averaged over the rows and added over the views.
 *
 * @param codes `[n, p]` and `[n, q]`.
 * @param reconstructions Of the shapes of the inputs, `[n, columns]`.
 * @throws {EmbeddingError} As `deepCca`; `SHAPE_MISMATCH` for a reconstruction of another shape than its input.
 */
export function deepCcaAutoencoder(
  codes: Pair,
  reconstructions: Pair,
  inputs: Pair,
  options: DeepCcaAutoencoderOptions = {},
): tf.Scalar {
  for (const pair of [codes, reconstructions, inputs]) expectMembers(pair, 'deepCcaAutoencoder', 'a', 'b');
  expectMembers(options, 'deepCcaAutoencoder: options');
  const missed = (['a', 'b'] as const).map((side) => {
    const input = inputs[side];
    expectTensor(input, 'deepCcaAutoencoder', ['n', 'columns']);
    expectTensor(reconstructions[side], 'deepCcaAutoencoder', input.shape);
    return tf.sum(tf.mean(tf.squaredDifference(input, reconstructions[side]), 0));
  });
  const weighted = tf.mul(options.weight ?? 1e-3, tf.addN(missed));
  return tf.add(deepCca(codes.a, codes.b, options), weighted);
}

/** `(own · diag(values) − other) / (n − 1)`. */
function difference(own: Matrix, other: Matrix, values: Float64Array): Matrix {
  const scaled = scaleColumns(own, values);
  return { data: scaled.data.map((value, i) => (value - other.data[i]!) / (own.shape[0] - 1)), shape: own.shape };
}

/** Values of a tensor, outside the backend. */
export function rowsOf(x: tf.Tensor, where: string): Rows {
  if (x.rank !== 2) throw new EmbeddingError('SHAPE_MISMATCH', { where, expected: '[n, d]', got: x.shape });
  return { data: x.dataSync<'float32'>(), shape: x.shape as [number, number] };
}

/** Slopes of a loss, times what its value is multiplied by. */
export function slopeOf({ data, shape }: Matrix, dy: tf.Tensor): tf.Tensor {
  return tf.mul(tf.tensor(Float32Array.from(data), [...shape]), dy);
}

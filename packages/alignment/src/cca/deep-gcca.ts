import { atOnce, expectItems, expectMembers, type LinearAlgebra, type Steps, subtractRow } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { columnMeans } from '../linear-algebra/columns.ts';
import type { Matrix, Rows } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { rowsOf, slopeOf } from './deep-cca.ts';
import { gccaSteps, type MultiviewOptions } from './multiview.ts';

export interface DeepGccaOptions extends Omit<AlgebraOptions, 'signal'> {
  /** How many shared directions count. */
  readonly components: number;
  /** Added to the variance of every column of every view; default 1e-4. */
  readonly ridge?: number;
}

/**
 * Deep generalised CCA, Benton et al. 2017 (arXiv:1702.02519): how far the outputs of two and more networks agree, by `gcca`'s
 * eigenvalues. With its shared rows `G` and a view's regressions `U`, the gradient of that view is `-2 (G − X U) Uᵀ`: nothing is
 * differentiated through a decomposition. Computed in double precision outside the backend, and differentiable once.
 *
 * @param views `[n, dⱼ]` each, row `i` of all belonging together; `n` is to be ten times `dⱼ`.
 * @returns Minus the sum of the eigenvalues, at least `-components · views`.
 * @throws {EmbeddingError} As `gcca`.
 */
export function deepGcca(views: readonly tf.Tensor2D[], options: DeepGccaOptions): tf.Scalar {
  expectItems(views, 'deepGcca: views');
  expectMembers(options, 'deepGcca: options', 'components');
  for (const view of views) expectTensor(view, 'deepGcca', ['n', 'd']);
  const operation = tf.customGrad((...given) => {
    const outputs = (given as tf.Tensor[]).slice(0, views.length).map((view) => rowsOf(view, 'deepGcca'));
    const { loss, gradients } = atOnce(agreementSteps(outputs, options));
    return { value: tf.scalar(loss), gradFunc: (dy: tf.Tensor) => gradients.map((slopes) => slopeOf(slopes, dy)) };
  });
  return operation(...views) as tf.Scalar;
}

function* agreementSteps(
  views: readonly Rows[],
  { components, ridge = 1e-4, algebra = plainAlgebra }: DeepGccaOptions,
): Steps<{ readonly loss: number; readonly gradients: readonly Matrix[] }> {
  const options: MultiviewOptions = { components, algebra, ridge: ridge * (views[0]!.shape[0] - 1) };
  const { values, shared, views: fits } = yield* gccaSteps(views, options);
  const gradients: Matrix[] = [];
  for (const [i, { weights }] of fits.entries()) gradients.push(yield* gradientOf(views[i]!, weights, shared, algebra));
  return { loss: -values.reduce((sum, value) => sum + value, 0), gradients };
}

function* gradientOf(view: Rows, weights: Matrix, shared: Matrix, algebra: LinearAlgebra): Steps<Matrix> {
  const projected = yield* algebra.multiply(subtractRow(view, columnMeans(view, 'deepGcca')), weights);
  const rest = projected.data.map((value, i) => 2 * (value - shared.data[i]!));
  return yield* algebra.multiply({ data: rest, shape: shared.shape }, weights, 'b');
}

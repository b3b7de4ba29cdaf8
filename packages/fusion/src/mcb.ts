import { EmbeddingError, expectMembers, type Fusion } from '@diptych/core';
import { withGradient } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { pairFusion } from './complete-fusion.ts';
import { type CountSketch, outerSketch } from './count-sketch.ts';
import { checkConfig, type JointConfig, namesOf, pairOf } from './joint-config.ts';
import { outer } from './outer.ts';
import { powerNormalize } from './power-normalize.ts';

export interface McbConfig<Part extends string> extends JointConfig<Part> {
  /** One for each part by its name, from `countSketch`. They belong to the model: keep them, or their seeds, with it. */
  readonly sketches: Readonly<Record<Part, CountSketch>>;
}

/**
 * Compact bilinear pooling, Gao et al. 2016, arXiv:1511.06062: the circular convolution of two count sketches, computed
 * as the sketch of the outer product, which needs no Fourier transform but `[n, first * second]` on its way; `[n, dim]`.
 *
 * @param sketch Of `outerSketch`.
 */
export function compactBilinear(config: CountSketch, x: tf.Tensor2D, y: tf.Tensor2D, dim: number): tf.Tensor2D {
  const { positions, signs } = expectMembers(config, 'compactBilinear: config', 'positions', 'signs');
  return addColumns(tf.mul(outer(x, y), signs), positions, dim);
}

/** Multimodal compact bilinear pooling, Fukui et al. 2016, arXiv:1606.01847: the same, power-normalised. */
export function mcb(sketch: CountSketch, x: tf.Tensor2D, y: tf.Tensor2D, dim: number): tf.Tensor2D {
  return powerNormalize(compactBilinear(sketch, x, y, dim));
}

/**
 * Has nothing to learn.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` when a sketch does not fit its part or `dim`, or parts are not two.
 */
export function mcbFusion<Part extends string>(config: McbConfig<Part>): Fusion<Part> {
  checkConfig(config);
  const { parts, sketches, dim } = config;
  pairOf('mcb', parts);
  const [first, second] = namesOf(parts).map((name) => {
    return checkedSketch(name, sketches[name], [parts[name], dim]);
  });
  const sketch = outerSketch(first!, second!, dim);
  return pairFusion('mcb', config, undefined, (x, y) => mcb(sketch, x, y, dim));
}

/** Column `i` of `x` added to column `positions[i]` of `[n, dim]`. */
function addColumns(x: tf.Tensor2D, positions: readonly number[], dim: number): tf.Tensor2D {
  const columns = () => tf.tensor2d([...positions], [positions.length, 1], 'int32');
  const forward = (values: tf.Tensor2D) =>
    tf.transpose<tf.Tensor2D>(tf.scatterND(columns(), tf.transpose(values), [dim, values.shape[0]]));
  return withGradient(x, forward, (dy) => tf.gather(dy, tf.tensor1d([...positions], 'int32'), 1));
}

function checkedSketch(
  part: string,
  sketch: CountSketch | undefined,
  [width, dim]: readonly [number, number],
): CountSketch {
  const { positions = [], signs = [] } = sketch ?? {};
  const wrong = positions.find((at) => !(Number.isInteger(at) && at >= 0 && at < dim));
  const got = wrong === undefined ? `${positions.length} and ${signs.length}` : `position ${wrong}`;
  if (sketch && wrong === undefined && positions.length === width && signs.length === width) return sketch;
  throw new EmbeddingError('CONFIG_INVALID', {
    where: `mcb: sketch of part '${part}'`,
    expected: `${width} positions below ${dim} with signs`,
    got,
  });
}

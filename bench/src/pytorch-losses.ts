import { seededRandom } from '@diptych/core';
import * as losses from '@diptych/alignment';
import { linearAlgebra } from '@diptych/backend-wasm/algebra';
import { l2Normalize } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

const [n, dim] = [256, 512];
type Loss = (a: tf.Tensor2D, b: tf.Tensor2D, scale: tf.Scalar, bias: tf.Scalar) => tf.Scalar;

/** Losses with their gradients, as `pytorch.py` has them. */
export async function lossTasks(): Promise<Record<string, () => () => void>> {
  const labels = Array.from({ length: n }, (_, i) => Math.floor(i / 4));
  const algebra = await linearAlgebra();
  const all: Record<string, Loss> = {
    vse0: (a, b) => losses.vse0(a, b),
    vsepp: (a, b) => losses.vsepp(a, b),
    chunkedVsepp: (a, b) => losses.chunkedVsepp(a, b, 64),
    devise: (a, b) => losses.devise(a, b),
    infoNce: (a, b, scale) => losses.infoNce(a, b, scale),
    chunkedInfoNce: (a, b, scale) => losses.chunkedInfoNce(a, b, scale, 64),
    siglip: (a, b, scale, bias) => losses.siglip(a, b, scale, bias),
    chunkedSiglip: (a, b, logScale, bias) => losses.chunkedSiglip(a, b, { logScale, bias }, 64),
    supCon: (a, b) => losses.supCon(a, b, labels),
    multiSimilarity: (a, b) => losses.multiSimilarity(a, b, labels),
    circle: (a, b) => losses.circle(a, b, labels),
    batchHardTriplet: (a, b) => losses.batchHardTriplet(a, b, { labels }),
    barlowTwins: (a, b) => losses.barlowTwins(a, b),
    vicReg: (a, b) => losses.vicReg(a, b),
    alignmentUniformity: (a, b) => losses.alignmentUniformity(a, b),
    deepCca: (a, b) => losses.deepCca(a, b, { algebra }),
  };
  return { products, ...Object.fromEntries(Object.entries(all).map(([name, loss]) => [name, () => task(loss)])) };
}

/** What no loss can do without: scores, and what any slopes of them make of either side. */
function products(): () => void {
  const [a, b] = [1, 2].map((seed) => tf.randomUniform<tf.Rank.R2>([n, dim], -1, 1, 'float32', seed));
  return () =>
    tf.tidy(() => {
      const scores = tf.matMul(a!, b!, false, true);
      tf.matMul(scores, b!).dataSync();
      tf.matMul(scores, a!, true, false).dataSync();
    });
}

function task(loss: Loss): () => void {
  const random = seededRandom(1);
  const rows = () => {
    const values = Float32Array.from({ length: n * dim }, () => 2 * random() - 1);
    return tf.tidy(() => tf.variable(l2Normalize(tf.tensor2d(values, [n, dim]))));
  };
  const [a, b, scale, bias] = [rows(), rows(), tf.variable(tf.scalar(2.6592)), tf.variable(tf.scalar(-10))];
  return () =>
    tf.tidy(() => {
      const f = () => tf.addN<tf.Scalar>([loss(a, b, scale, bias)]);
      const { value } = tf.variableGrads(f);
      value.dataSync();
    });
}

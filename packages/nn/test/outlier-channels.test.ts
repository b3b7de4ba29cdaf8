import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { seededRandom, type WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  fine,
  initializeModel,
  layerNorm,
  linear,
  loadModel,
  mlp,
  type ParamsOf,
  preNormBlock,
  projectionSpec,
  quickGelu,
  selfAttention,
  transformer,
  transformerSpec,
} from '../src/index.ts';
import { fakeCheckpoint } from './fake-checkpoint.ts';

const [n, length, width, dim] = [12, 10, 96, 32];
const config = { width, layers: 4, heads: 4, mlpWidth: 4 * width, activation: 'quick_gelu', layerNormEpsilon: 1e-5 };
const spec = { blocks: transformerSpec(config), projection: fine(projectionSpec(width, dim)) };
type Params = ParamsOf<typeof spec>;

const random = seededRandom(4);
const pixels = Float32Array.from({ length: n * length * width }, () => random() / 4 - 1 / 8);

/** Random weights: three channels of each norm 50 times as large, and what reads them 50 times as small. */
async function withOutliers() {
  using start = initializeModel(spec, 1);
  const values = new Map([...start.variables].map(([path, value]) => [path, value.dataSync<'float32'>().slice()]));
  for (const block of [0, 1, 2, 3]) {
    for (const [norm, reader] of [
      ['norm1', 'attention.inProj'],
      ['norm2', 'mlp.fc1'],
    ]) {
      const weight = values.get(`blocks.${block}.${reader}.weight`)!;
      const columns = weight.length / width;
      for (const channel of [7 * block, 40, 95 - block]) {
        for (const part of ['weight', 'bias']) values.get(`blocks.${block}.${norm}.${part}`)![channel]! *= 50;
        weight.subarray(channel * columns, (channel + 1) * columns).forEach((value, i, row) => (row[i] = value / 50));
      }
    }
  }
  return fakeCheckpoint(
    Object.fromEntries([...start.variables].map(([path, { shape }]) => [path, [shape, values.get(path)!] as const])),
  );
}

/** Embeddings of the first tokens. */
function embed(params: Params, block = preNormBlock): Float32Array {
  return tf.tidy(() => {
    const states = transformer(config, params.blocks, tf.tensor3d(pixels, [n, length, width]), { block });
    const first = tf.reshape<tf.Rank.R2>(tf.slice(states, [0, 0, 0], [-1, 1, -1]), [n, width]);
    return linear(params.projection, first).dataSync<'float32'>();
  });
}

/** Eight bits, with one scale for each row of activations or column of weights. */
function rounded<T extends tf.Tensor>(x: T, axis: number): T {
  const step = tf.div(tf.max(tf.abs(x), axis, true), 127);
  return tf.mul(tf.round(tf.div(x, step)), step);
}

/** The same block with nothing done about channels that are far out. */
const plainBlock: typeof preNormBlock = (params, x, options) => {
  const own = (layer: Params['blocks'][0]['mlp']['fc1']) => ({ ...layer, weight: rounded(layer.weight, 0) });
  const { attention, norm1, norm2, mlp: layers } = params;
  const weights = { inProj: own(attention.inProj), outProj: own(attention.outProj) };
  const normed = rounded(layerNorm(norm1, x, 1e-5), -1);
  const attended = selfAttention(weights, normed, { ...options, residual: x });
  const hidden = rounded(layerNorm(norm2, attended, 1e-5), -1);
  return mlp({ fc1: own(layers.fc1), fc2: own(layers.fc2) }, hidden, quickGelu, attended);
};

/** Lowest cosine of two sets of rows after the mean row of the second is subtracted. */
function centredCosine(a: Float32Array, b: Float32Array): number {
  const mean = Array.from({ length: dim }, (_, k) => b.reduce((sum, v, at) => sum + (at % dim === k ? v / n : 0), 0));
  const row = (x: Float32Array, i: number) => mean.map((value, k) => x[i * dim + k]! - value);
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, k) => sum + value * y[k]!, 0);
  const rows = Array.from({ length: n }, (_, i) => [row(a, i), row(b, i)] as const);
  return Math.min(...rows.map(([x, y]) => dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))));
}

describeBackends('channels of norms that are far out', () => {
  test('cost int8 nothing, where a scale for each row and column would lose the others', async () => {
    await expectNoLeak(async () => {
      const checkpoint = await withOutliers();
      const names = Object.fromEntries([...checkpoint.names].map((path) => [path, { asIs: path }]));
      const load = (dtype: WeightType) => loadModel(spec, checkpoint, { names }, { dtype });
      using exact = await load('float32');
      const reference = embed(exact.params);
      using int16 = await load('int16');
      using int8 = await load('int8');
      expect(centredCosine(embed(int16.params), reference)).toBeGreaterThan(0.9999);
      expect(centredCosine(embed(int8.params), reference)).toBeGreaterThan(0.99);
      expect(centredCosine(embed(exact.params, plainBlock), reference)).toBeLessThan(0.95);
    });
  });
});

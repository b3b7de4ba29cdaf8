import type { WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { kernel, packed, run, runAll, store, tensorOf } from './run.ts';
import { describeVariants } from './variants.ts';

/** A weight that is packed from numbers and multiplied, read plain, multiplied again, and copied as a file would be. */
function withPacked(dtype: WeightType): void {
  const weight = packed(tf.ones([8, 16]), dtype);
  const x = tf.ones([5, 8]);
  run('DiptychLinear', { x, weight }, {});
  tf.neg(weight);
  run('DiptychLinear', { x, weight }, {});
  const { length: bytes } = store().bytesOf(packed(weight, dtype));
  const copy = tensorOf(store().unwritten({ shape: [8, 16], dtype }, bytes));
  store().bytesOf(copy).fill(0);
  run('DiptychLinear', { x, weight: copy }, {});
  const room = tensorOf(store().room([8, 16]));
  store().bytesOf(room).fill(0);
  run('DiptychLinear', { x, weight: room }, {});
  store().reserve(1000);
}

describeVariants('memory', (runtime) => {
  it('ten thousand calls of each kernel leave nothing behind', () => {
    const round = () =>
      tf.tidy(() => {
        const weight = tf.ones([16, 24]);
        const qkv = run('DiptychLinear', { x: tf.ones([2, 5, 8]), weight: tf.matMul(tf.ones([8, 16]), weight) }, {});
        run('DiptychSelfAttention', { qkv }, { heads: 2 });
        run('DiptychActivate', { x: qkv }, { activation: 'gelu' });
        run('DiptychLayerNorm', { x: qkv, weight: tf.ones([24]), bias: tf.ones([24]) }, { epsilon: 1e-5 });
        const [x, filter] = [tf.ones<tf.Rank.R4>([1, 4, 4, 3]), tf.ones<tf.Rank.R4>([3, 3, 3, 2])];
        const dy = tf.conv2d(x, filter, 1, 'same');
        const attributes = { strides: 1, pad: 'same', filterShape: filter.shape, inputShape: x.shape };
        kernel('Conv2DBackpropFilter', { x, dy }, attributes);
        kernel('Conv2DBackpropInput', { dy, filter }, attributes);
        const depthwise = { ...attributes, filterShape: [3, 3, 3, 1] };
        kernel('DepthwiseConv2dNativeBackpropFilter', { x, dy: x }, depthwise);
        kernel('DepthwiseConv2dNativeBackpropInput', { dy: x, filter: tf.ones([3, 3, 3, 1]) }, depthwise);
        const pooling = { filterSize: 3, strides: 1, pad: 'same' };
        kernel('MaxPoolGrad', { dy: x, input: x, output: x }, pooling);
        runAll('DiptychBatchNorm', { x, weight: tf.ones([3]), bias: tf.ones([3]) }, { epsilon: 1e-5 });
        runAll('DiptychBatchNormGrad', { x, weight: tf.ones([3]), dy: x }, { epsilon: 1e-5 });
        tf.mean(tf.sum(x, [1, 3]));
        tf.unsortedSegmentSum(tf.ones([2, 3]), tf.reshape(tf.oneHot(tf.tensor1d([1], 'int32'), 2), [2]), 2);
        run('DiptychPatchify', { pixels: tf.ones([1, 4, 4, 3]) }, { patch: 2 });
        tf.gather(tf.softmax(weight), tf.tensor1d([3, 0, 3], 'int32'));
        tf.unstack(tf.slice(x, [0, 1, 0, 0], [1, 2, 4, 3]), 1);
        for (const dtype of ['float32', 'int16', 'int8'] as const) withPacked(dtype);
      });
    round();
    const before = { ...tf.memory(), heap: runtime().memory.buffer.byteLength, kept: runtime().keptBytes };
    for (let i = 0; i < 10_000; i++) round();
    const after = { ...tf.memory(), heap: runtime().memory.buffer.byteLength, kept: runtime().keptBytes };
    expect(after).toEqual(before);
  });

  it('no room is an error that says for how much, and the backend lives on', () => {
    const wanted = 2 ** 32 - 200;
    expect(() => runtime().allocate(wanted)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_MEMORY', message: expect.stringContaining(`${wanted} bytes`) }),
    );
    const sum = tf.tidy(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync()[0]);
    expect(sum).toBe(2);
  });

  it('a kernel that finds no room after its outputs leaves none of them', () => {
    const before = tf.backend().numDataIds();
    const failing = () => {
      runtime().output([1000], 'float32');
      return runtime().allocate(2 ** 32 - 200);
    };
    expect(() => runtime().whole(failing)).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
    expect(tf.backend().numDataIds()).toBe(before);
  });
});

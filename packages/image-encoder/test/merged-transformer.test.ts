import { seededRandom } from '@diptych/core';
import { initializeModel, type ParamsOf, transformer, type TransformerBlock, transformerSpec } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { given } from '@diptych/golden';
import { describeBackends, expectClose, expectGradients, expectNoLeak, inDouble, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { mergedTransformer, vit, vitSpec } from '../src/index.ts';
import { type Block, mergedReference } from './merged-reference.ts';

const config = {
  imageSize: 36,
  patchSize: 6,
  width: 24,
  layers: 4,
  heads: 3,
  mlpWidth: 40,
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
};
const spec = transformerSpec(config);
const [images, length] = [3, 37];
const random = seededRandom(3);
const values = Float32Array.from({ length: images * length * config.width }, () => 2 * random() - 1);
const at = Array.from({ length: images }, () => 0);

type Blocks = ParamsOf<readonly TransformerBlock[]>;

/** As the reference reads them. */
function arrays(blocks: Blocks): Block[] {
  const rows = (x: tf.Tensor) => x.arraySync() as number[][];
  const row = (x: tf.Tensor) => [...x.dataSync()];
  const layer = (one: { weight: tf.Tensor; bias: tf.Tensor }) => ({ weight: rows(one.weight), bias: row(one.bias) });
  const norm = (one: { weight: tf.Tensor; bias: tf.Tensor }) => ({ weight: row(one.weight), bias: row(one.bias) });
  return blocks.map(({ norm1, attention, norm2, mlp }) => ({
    norm1: norm(norm1),
    inProj: layer(attention.inProj),
    outProj: layer(attention.outProj),
    norm2: norm(norm2),
    fc1: layer(mlp.fc1),
    fc2: layer(mlp.fc2),
  }));
}

/** Biases and factors begin with zeros and ones; here they count. */
function stirred(): ReturnType<typeof initializeModel<typeof spec>> {
  const model = initializeModel(spec, 5);
  const draw = seededRandom(8);
  for (const variable of model.variables.values()) {
    const moved = Float32Array.from(variable.dataSync(), (value) => value + 0.2 * (draw() - 0.5));
    tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
  }
  return model;
}

function input(): tf.Tensor3D {
  return tf.tensor3d(values, [images, length, config.width]);
}

describeBackends('mergedTransformer', (backend) => {
  test.each([1, 4, 9])('gives what the formulas of the paper give, %i tokens at a time', async (count) => {
    await expectNoLeak(async () => {
      using model = stirred();
      const run = mergedTransformer(config, count);
      const rows = await valuesOf(() => run(config, model.params, input(), { at }));
      const expected = mergedReference(arrays(model.params), [...values], { ...config, images, count });
      expectClose(rows, Float32Array.from(expected), 1e-5);
      const unmerged = await valuesOf(() => transformer(config, model.params, input(), { at }));
      expect(Math.max(...rows.map((value, i) => Math.abs(value - unmerged[i]!)))).toBeGreaterThan(1e-3);
    });
  });

  test('gives each image the same bits alone and among others, and each time', async () => {
    using model = stirred();
    const run = mergedTransformer(config, 5);
    const all = await valuesOf(() => run(config, model.params, input(), { at }));
    const again = await valuesOf(() => run(config, model.params, input(), { at }));
    expect(again).toEqual(all);
    for (let i = 0; i < images; i++) {
      const one = await valuesOf(() =>
        run(config, model.params, tf.slice(input(), [i, 0, 0], [1, -1, -1]), { at: [0] }),
      );
      expect(one).toEqual(all.slice(i * config.width, (i + 1) * config.width));
    }
  });

  test('lets the earlier join where several are equally alike', async () => {
    using model = stirred();
    const [first, second] = [values.slice(0, config.width), values.slice(config.width, 2 * config.width)];
    const same = Float32Array.from(values);
    for (const place of [4, 6, 12, 20]) same.set(first, place * config.width);
    for (const place of [3, 9, 15]) same.set(second, place * config.width);
    const run = () =>
      mergedTransformer(config, 3)(config, model.params, tf.tensor3d(same, [images, length, config.width]), { at });
    const expected = mergedReference(arrays(model.params), [...same], { ...config, images, count: 3 });
    expectClose(await valuesOf(run), Float32Array.from(expected), 1e-5);
  });

  test('takes tokens that are all alike', async () => {
    using model = stirred();
    const alike = () => tf.ones<tf.Rank.R3>([1, length, config.width]);
    const rows = await valuesOf(() => mergedTransformer(config, 9)(config, model.params, alike(), { at: [0] }));
    expectClose(rows, await valuesOf(() => transformer(config, model.params, alike(), { at: [0] })), 1e-5);
  });

  test('has the gradient of every variable', async () => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      const small = {
        ...config,
        imageSize: 18,
        width: 12,
        layers: 2,
        mlpWidth: 8,
        dim: 3,
        positionResize: 'hf',
      } as const;
      using model = initializeModel(vitSpec(small), 2);
      const encoder = vit(small, model.params, mergedTransformer(small, 4));
      const pixels = Float32Array.from({ length: 18 * 18 * 3 }, (_, i) => Math.sin(i * 1.7));
      const loss = () => tf.sum<tf.Scalar>(tf.square(encoder.forward({ pixels, shape: [1, 18, 18, 3] })));
      await expectGradients(loss, encoder.variables);
    });
  });

  test('refuses more than there are to be merged', async () => {
    const refused = expect.objectContaining({ code: 'INPUT_INVALID', where: 'mergeTokens' });
    expect(() => mergedTransformer(config, 9)).not.toThrow();
    for (const count of [10, 0, -1, 1.5, Number.NaN, given('8')]) {
      expect(() => mergedTransformer(config, count)).toThrow(refused);
    }
    using model = initializeModel(spec, 1);
    await expectNoLeak(() => {
      const few = () => tf.zeros<tf.Rank.R3>([1, 17, config.width]);
      expect(() => tf.tidy(() => mergedTransformer(config, 5)(config, model.params, few(), { at: [0] }))).toThrow(
        refused,
      );
    });
  });

  test.runIf(backend === 'cpu')('is the same in double precision', () => {
    using model = stirred();
    const blocks = arrays(model.params);
    inDouble(() => {
      const rows = tf.tidy(() => {
        const params = blocks.map((block): Blocks[number] => ({
          norm1: tensors(block.norm1),
          attention: { inProj: tensors(block.inProj), outProj: tensors(block.outProj) },
          norm2: tensors(block.norm2),
          mlp: { fc1: tensors(block.fc1), fc2: tensors(block.fc2) },
        }));
        return mergedTransformer(config, 4)(config, params, input(), { at }).dataSync();
      });
      const expected = mergedReference(blocks, [...values], { ...config, images, count: 4 });
      rows.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-12));
    });
  });
});

/** Parameters of double precision. */
function tensors<R extends tf.Rank>(one: { readonly weight: number[] | number[][]; readonly bias: number[] }) {
  return { weight: tf.tensor<R>(given(one.weight)), bias: tf.tensor1d(one.bias) };
}

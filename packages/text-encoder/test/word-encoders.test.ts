import { describeGolden, goldenJson } from '@diptych/golden';
import { type Conv1d, gatherRows, initializeModel, loadModel, type ParamsOf } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
  expectGradients,
  describeBackends,
  expectClose,
  expectLayer,
  expectNoLeak,
  numbers,
  openGolden,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import type { Encoder, TextBatch } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import {
  embeddingBag,
  embeddingBagSpec,
  recurrentText,
  type RecurrentTextConfig,
  recurrentTextSpec,
  textCnn,
  type TextCnnConfig,
  textCnnSpec,
  vseTextNames,
} from '../src/index.ts';
import { textFeatures } from '../src/text-cnn.ts';
import { poolTokens } from '../src/token-pooling.ts';

beforeAll(enableAutodiff);

function batchOf(ids: readonly number[], lengths: readonly number[]): TextBatch {
  const length = ids.length / lengths.length;
  const mask = Int32Array.from(ids, (_, i) => (i % length < lengths[Math.floor(i / length)]! ? 1 : 0));
  return { ids: Int32Array.from(ids), mask, shape: [lengths.length, length] };
}

describeGolden('word encoders', () => {
  describeBackends('embeddingBag', () => {
    test('and its gradient are exact', async () => {
      const { ids, mask, shape } = batchOf([3, 5, 5, 0, 0, 1, 0, 0, 0, 0, 2, 4, 6, 8, 10], [3, 1, 5]);
      await expectLayer('embedding_bag', ({ weight }) => {
        const words = () => tf.reshape<tf.Rank.R3>(gatherRows(weight as tf.Tensor2D, ids), [3, 5, 4]);
        return {
          y: poolTokens(words(), { mask, shape }, 'mean'),
          sum: poolTokens(words(), { mask, shape }, 'sum'),
          max: poolTokens(words(), { mask, shape }, 'max'),
        };
      });
    });
  });

  describeBackends('textCnn', () => {
    test('and its gradient are exact', async () => {
      await expectLayer('text_cnn', ({ x, ...weights }) => {
        const convolutions = [2, 3].map((size) => convolution(weights, `conv${size}`));
        return { y: textFeatures(convolutions, x as tf.Tensor3D) };
      });
    });
  });

  describeBackends('recurrentText', () => {
    test.each([
      ['text1', 1],
      ['text2', 2],
    ])('gives the unit rows of VSE++, %s', async (name, layers) => {
      const config: RecurrentTextConfig = { ...gruConfig, layers };
      const expected = await readTensors('golden/vsepp/vsepp.safetensors');
      const { [`${name}.lengths`]: lengths } = await goldenJson<Record<string, number[]>>('golden/vsepp/vsepp.json');
      const file = await openGolden('golden/vsepp/vsepp.safetensors', (key) => key.startsWith(`${name}.`));
      const own = [...file.names].filter((key) => /\.(embed|rnn)\./.test(key)).map((key) => key.slice(name.length + 1));
      const checkpoint = {
        names: new Set(own),
        shape: (key: string) => file.shape(`${name}.${key}`),
        read: (key: string) => file.read(`${name}.${key}`),
      };
      await expectNoLeak(async () => {
        using model = await loadModel(recurrentTextSpec(config), checkpoint, vseTextNames);
        const batch = batchOf(numbers(expected, `${name}.x`), lengths!);
        const rows = await valuesOf(() => recurrentText(config, model.params).forward(batch));
        expectClose(unitRows(rows, config.dim), numbers(expected, `${name}.out`), 1e-6);
      });
    });
  });
});

const gruConfig: RecurrentTextConfig = {
  vocabSize: 50,
  wordDim: 12,
  dim: 16,
  layers: 1,
  kind: 'gru',
  bidirectional: false,
  pooling: 'last',
};
const cnnConfig: TextCnnConfig = { vocabSize: 50, wordDim: 6, widths: [2, 4], filters: 5, dim: 3 };

describeBackends('word encoders', () => {
  const text = [7, 8, 9];
  const padded = [...text, 4, 5];

  const expectPaddingIgnored = async ({ forward }: Encoder<TextBatch>) => {
    await expectNoLeak(async () => {
      const rows = await valuesOf(() => forward(batchOf(text, [3])));
      expectClose(await valuesOf(() => forward(batchOf(padded, [3]))), rows, 1e-6);
      expect(() => forward(batchOf([50], [1]))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    });
  };

  test('a bag of words ignores padding and order', async () => {
    const config = { vocabSize: 50, dim: 4, pooling: 'mean' } as const;
    using model = initializeModel(embeddingBagSpec(config), 1);
    const encoder = embeddingBag(config, model.params);
    await expectPaddingIgnored(encoder);
    const rows = await valuesOf(() => encoder.forward(batchOf(text, [3])));
    expectClose(await valuesOf(() => encoder.forward(batchOf(text.toReversed(), [3]))), rows, 1e-6);
  });

  test.each(['gru', 'lstm'] as const)('%s ignores padding in both directions', async (kind) => {
    const config = { ...gruConfig, kind, bidirectional: true, layers: 2 };
    using model = initializeModel(recurrentTextSpec(config), 1);
    await expectPaddingIgnored(recurrentText(config, model.params));
  });

  test('convolutions see padding as zero words, and short texts as padded', async () => {
    using model = initializeModel(textCnnSpec(cnnConfig), 1);
    const { forward } = textCnn(cnnConfig, model.params);
    const rows = await valuesOf(() => forward(batchOf([...text, 4], [3])));
    expectClose(await valuesOf(() => forward(batchOf(text, [3]))), rows, 1e-6);
  });

  test('a text without a word has no last one', async () => {
    using model = initializeModel(recurrentTextSpec(gruConfig), 1);
    const { forward } = recurrentText(gruConfig, model.params);
    const empty = () => tf.tidy(() => forward(batchOf([1, 2], [0])));
    await expectNoLeak(() => expect(empty).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' })));
  });

  test('every variable has its gradient', async () => {
    using cnn = initializeModel(textCnnSpec(cnnConfig), 1);
    using rnn = initializeModel(recurrentTextSpec({ ...gruConfig, bidirectional: true }), 1);
    const encoders = [textCnn(cnnConfig, cnn.params), recurrentText({ ...gruConfig, bidirectional: true }, rnn.params)];
    for (const { forward, variables } of encoders) {
      await expectGradients(() => tf.sum(tf.square(forward(batchOf(padded, [5])))), variables);
    }
  });
});

function convolution(weights: Readonly<Record<string, tf.Tensor>>, name: string): ParamsOf<Conv1d> {
  return {
    weight: tf.transpose(weights[`${name}.weight`] as tf.Tensor3D, [2, 1, 0]),
    bias: weights[`${name}.bias`] as tf.Tensor1D,
  };
}

function unitRows(rows: Float32Array, dim: number): Float32Array {
  return rows.map((v, i) => v / Math.hypot(...rows.subarray(i - (i % dim), i - (i % dim) + dim)));
}

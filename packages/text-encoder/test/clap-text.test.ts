import { describeGolden } from '@diptych/golden';
import { loadModel } from '@diptych/nn';
import {
  describeBackends,
  expectClose,
  expectNoLeak,
  numbers,
  openGolden,
  readTensors,
  textBatch,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { bertTokens, clapText, type ClapTextConfig, clapTextSpec, hfClapTextNames } from '../src/index.ts';

const tiny: ClapTextConfig = {
  vocabSize: 321,
  contextLength: 32,
  tokenTypes: 1,
  paddingId: 1,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 64,
  activation: 'gelu',
  layerNormEpsilon: 1e-12,
  dim: 16,
  projectionActivation: 'relu',
};

const read = async () => {
  const file = await openGolden('oracles2/clap/model.safetensors', (name) => name.startsWith('text_'));
  return loadModel(clapTextSpec(tiny), file, hfClapTextNames);
};
const expectedOf = async () => readTensors('oracles2/clap/expected.safetensors');
const batchOf = (expected: Awaited<ReturnType<typeof expectedOf>>) => ({
  ...textBatch(expected.get('in.input_ids')!),
  mask: textBatch(expected.get('in.attention_mask')!).ids,
});

describeGolden('the text tower of CLAP', () => {
  describeBackends('against transformers', () => {
    test('gives its rows, and the states on the way', async () => {
      const expected = await expectedOf();
      const batch = batchOf(expected);
      await expectNoLeak(async () => {
        using model = await read();
        const rows = await valuesOf(() => clapText(tiny, model.params).forward(batch));
        expectClose(rows, numbers(expected, 'text_embeds_raw'), 1e-5);
        const counted = (states: ArrayLike<number>) =>
          Array.from(states).filter((_, i) => batch.mask[Math.floor(i / tiny.width)] === 1);
        const [first, ...others] = model.params.bert.blocks;
        for (const [name, blocks] of [
          ['text.after_block1', [first!]],
          ['text.last_hidden_state', [first!, ...others]],
        ] as const) {
          const states = await valuesOf(() => bertTokens(tiny, { ...model.params.bert, blocks }, batch));
          expectClose(counted(states), counted(numbers(expected, name)), 1e-5);
        }
      });
    });

    test.each<[string, Partial<ClapTextConfig>]>([
      ['places from 0', { paddingId: undefined, contextLength: 34 }],
      ['GELU between its last layers', { projectionActivation: 'gelu' }],
      ['GELU with tanh', { activation: 'gelu_pytorch_tanh' }],
    ])('is told from %s', async (_, mistake) => {
      const expected = await expectedOf();
      using model = await read();
      const rows = await valuesOf(() => clapText({ ...tiny, ...mistake }, model.params).forward(batchOf(expected)));
      expect(() => expectClose(rows, numbers(expected, 'text_embeds_raw'), 1e-4)).toThrow(/expected/);
    });

    test('is told from one without its pooler', async () => {
      const expected = await expectedOf();
      using model = await read();
      const { pooler } = model.params;
      const rows = await valuesOf(() => {
        const identity = { weight: tf.eye(tiny.width), bias: tf.zerosLike(pooler.bias) };
        return clapText(tiny, { ...model.params, pooler: identity }).forward(batchOf(expected));
      });
      expect(() => expectClose(rows, numbers(expected, 'text_embeds_raw'), 1e-2)).toThrow(/expected/);
    });
  });
});

import type { TextBatch } from '@diptych/core';
import { describeGolden } from '@diptych/golden';
import { initializeModel, loadModel, place } from '@diptych/nn';
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
import { expect, test } from 'vitest';
import {
  bert,
  type BertConfig,
  bertSpec,
  bertTokens,
  chineseClipText,
  type ChineseClipTextConfig,
  chineseClipTextSpec,
  hfBertNames,
  hfChineseClipTextNames,
  hfLegacyBertNames,
  type TokenPooling,
} from '../src/index.ts';
import { poolTokens } from '../src/token-pooling.ts';

const tiny: BertConfig = {
  vocabSize: 80,
  contextLength: 24,
  tokenTypes: 2,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 64,
  activation: 'gelu',
  layerNormEpsilon: 1e-12,
  pooling: 'mean',
};

async function goldenBatch(path: string): Promise<TextBatch> {
  const tensors = await readTensors(path);
  return {
    ...textBatch(tensors.get('in.input_ids')!),
    mask: Int32Array.from(numbers(tensors, 'in.attention_mask')),
  };
}

describeGolden('bert', () => {
  describeBackends('the tiny BERT of transformers', () => {
    test('gives its mean-pooled rows and token states', async () => {
      const expected = await readTensors('oracles/tiny_bert/expected.safetensors');
      const batch = await goldenBatch('oracles/tiny_bert/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_bert/model.safetensors');
      await expectNoLeak(async () => {
        using model = await loadModel(bertSpec(tiny), checkpoint, hfBertNames);
        const { forward } = bert(tiny, model.params);
        expectClose(await valuesOf(() => forward(batch)), numbers(expected, 'mean_pooled'), 1e-5);
        const states = await valuesOf(() => bertTokens(tiny, model.params, batch));
        // The file has zeros for padding.
        const kept = states.map((v, i) => v * batch.mask[Math.floor(i / tiny.width)]!);
        expectClose(kept, numbers(expected, 'last_hidden_state'), 1e-5);
      });
    });
  });

  describeBackends('the tiny BERT, reading one token', () => {
    test.each(['cls', 'last'] as const)('%s is that token of all', async (pooling) => {
      const batch = await goldenBatch('oracles/tiny_bert/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_bert/model.safetensors');
      await expectNoLeak(async () => {
        using model = await loadModel(bertSpec(tiny), checkpoint, hfBertNames);
        const all = () => poolTokens(bertTokens(tiny, model.params, batch), batch, pooling);
        const one = () => bert({ ...tiny, pooling }, model.params).forward(batch);
        expectClose(await valuesOf(one), await valuesOf(all), 1e-6);
      });
    });
  });

  test('old names of layer norms map to the same parameters', async () => {
    const checkpoint = await openGolden('oracles/tiny_bert/model.safetensors');
    const old = (name: string) =>
      name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta');
    const shapes = new Map([...checkpoint.names].map((name) => [old(name), checkpoint.shape(name)]));
    const legacy = { names: new Set(shapes.keys()), shape: (name: string) => shapes.get(name)! };
    const [before, now] = [
      place(bertSpec(tiny), legacy, hfLegacyBertNames),
      place(bertSpec(tiny), checkpoint, hfBertNames),
    ];
    expect(before.map(({ from }) => from)).toEqual(now.map(({ from }) => from.map(old)));
  });

  describeBackends('the tiny Chinese-CLIP of transformers', () => {
    test('gives its unit text rows', async () => {
      const config: ChineseClipTextConfig = {
        ...tiny,
        vocabSize: 40,
        contextLength: 16,
        width: 24,
        heads: 3,
        mlpWidth: 48,
        dim: 16,
      };
      const path = 'oracles/tiny_chinese_clip/expected.safetensors';
      const [expected, batch] = [await readTensors(path), await goldenBatch(path)];
      const owns = (name: string) => name.startsWith('text_');
      const checkpoint = await openGolden('oracles/tiny_chinese_clip/model.safetensors', owns);
      await expectNoLeak(async () => {
        using model = await loadModel(chineseClipTextSpec(config), checkpoint, hfChineseClipTextNames);
        const rows = await valuesOf(() => chineseClipText(config, model.params).forward(batch));
        expectClose(unitRows(rows, 16), numbers(expected, 'text_embeds'), 1e-5);
      });
    });
  });
});

describeBackends('bert', () => {
  const poolings: TokenPooling[] = ['cls', 'mean', 'max', 'sum', 'mean_sqrt_len', 'weightedmean'];

  test.each(poolings)('is not moved by padding when it pools by %s', async (pooling) => {
    const config = { ...tiny, pooling };
    using model = initializeModel(bertSpec(config), 1);
    const { forward } = bert(config, model.params);
    const batch = (ids: number[]): TextBatch => ({
      ids: Int32Array.from(ids),
      mask: Int32Array.of(1, 1, 1, ...ids.slice(3).map(() => 0)),
      shape: [1, ids.length],
    });
    await expectNoLeak(async () => {
      const rows = await valuesOf(() => forward(batch([2, 7, 3])));
      expectClose(await valuesOf(() => forward(batch([2, 7, 3, 0, 0]))), rows, 1e-5);
      expectClose(await valuesOf(() => forward(batch([2, 7, 3, 9, 11]))), rows, 1e-5);
    });
  });
});

function unitRows(rows: Float32Array, dim: number): Float32Array {
  return rows.map((v, i) => v / Math.hypot(...rows.subarray(i - (i % dim), i - (i % dim) + dim)));
}

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
import { expect, test } from 'vitest';
import {
  jinaBert,
  type JinaBertConfig,
  jinaBertNames,
  jinaBertSpec,
  jinaBertTokens,
  jinaClipTextNames,
} from '../src/index.ts';

const tiny: JinaBertConfig = {
  vocabSize: 144,
  contextLength: 64,
  tokenTypes: 2,
  width: 48,
  layers: 2,
  heads: 6,
  mlpWidth: 64,
  activation: 'gelu',
  layerNormEpsilon: 1e-12,
  pooling: 'mean',
};
const path = 'oracles2/jina_clip_v1';

async function goldenBatch() {
  const expected = await readTensors(`${path}/expected.safetensors`);
  const mask = Int32Array.from(numbers(expected, 'in.attention_mask'));
  return { expected, batch: { ...textBatch(expected.get('in.input_ids')!), mask } };
}

describeGolden('JinaBERT', () => {
  describeBackends('of the reference', () => {
    test.each([
      ['clip', jinaClipTextNames],
      ['embeddings_v2', jinaBertNames],
    ])('gives the rows and token states, by the names of %s', async (folder, names) => {
      const { expected, batch } = await goldenBatch();
      const checkpoint = await openGolden(`${path}/${folder}/model.safetensors`);
      const others = [...checkpoint.names].filter((name) => !name.startsWith('text_model.'));
      const own = folder === 'clip' ? { ...names, ignore: others } : names;
      await expectNoLeak(async () => {
        using model = await loadModel(jinaBertSpec(tiny), checkpoint, own);
        const rows = await valuesOf(() => jinaBert(tiny, model.params).forward(batch));
        expectClose(rows, numbers(expected, 'text_embeds_raw'), 1e-5);
        const states = await valuesOf(() => jinaBertTokens(tiny, model.params, batch));
        const reference = numbers(expected, 'text.last_hidden_state');
        // Of padding they mean nothing.
        const counted = (values: ArrayLike<number>) =>
          Float32Array.from(Array.from(values).filter((_, i) => batch.mask[Math.floor(i / tiny.width)] === 1));
        expectClose(counted(states), counted(reference), 1e-5);
      });
    });
  });

  test.each<[string, Partial<JinaBertConfig>]>([
    ['the tanh of GELU', { activation: 'gelu_pytorch_tanh' }],
    ['gates of SwiGLU', { activation: 'silu' }],
    ['the slopes of other heads', { heads: 8 }],
    ['an epsilon of 1e-5', { layerNormEpsilon: 1e-5 }],
    ['the first token', { pooling: 'cls' }],
  ])('has other rows with %s', async (_, mistake) => {
    const { expected, batch } = await goldenBatch();
    const config = { ...tiny, ...mistake };
    const checkpoint = await openGolden(`${path}/embeddings_v2/model.safetensors`);
    using model = await loadModel(jinaBertSpec(config), checkpoint, jinaBertNames);
    const rows = await valuesOf(() => jinaBert(config, model.params).forward(batch));
    const right = numbers(expected, 'text_embeds_raw');
    expect(Math.max(...rows.map((value, i) => Math.abs(value - right[i]!)))).toBeGreaterThan(1e-4);
  });
});

test('heads that do not divide the width are refused', () => {
  const message = `transformer: expected a width that 6000 heads divide, got ${tiny.width}`;
  expect(() => jinaBertSpec({ ...tiny, heads: 6000 })).toThrow(message);
});

import { describeGolden } from '@diptych/golden';
import { initializeModel, loadModel } from '@diptych/nn';
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
  hfSiglipTextNames,
  openClipSiglipTextNames,
  siglipText,
  type SiglipTextConfig,
  siglipTextSpec,
  siglipTextTokens,
} from '../src/index.ts';

const tiny: SiglipTextConfig = {
  vocabSize: 50,
  contextLength: 8,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 64,
  dim: 32,
  activation: 'gelu_pytorch_tanh',
  layerNormEpsilon: 1e-6,
};

describeGolden('siglipText', () => {
  describeBackends('the tiny SigLIP', () => {
    test.each([
      ['transformers', 'tiny_siglip/model', hfSiglipTextNames, 'text_model.'],
      ['open_clip', 'tiny_siglip_openclip/open_clip_model', openClipSiglipTextNames, 'text.'],
    ])('gives its embeddings and token states from the names of %s', async (_, file, names, prefix) => {
      const expected = await readTensors('oracles/tiny_siglip/expected.safetensors');
      const checkpoint = await openGolden(`oracles/${file}.safetensors`, (name) => name.startsWith(prefix));
      const batch = textBatch(expected.get('in.input_ids')!);
      await expectNoLeak(async () => {
        using model = await loadModel(siglipTextSpec(tiny), checkpoint, names);
        const { forward } = siglipText(tiny, model.params);
        expectClose(await valuesOf(() => forward(batch)), numbers(expected, 'text_embeds_raw'), 1e-5);
        const states = await valuesOf(() => siglipTextTokens(tiny, model.params, batch));
        expectClose(states, numbers(expected, 'text.last_hidden_state'), 1e-5);
      });
    });
  });
});

describeBackends('siglipText', () => {
  test('refuses texts that are not padded to the context, and makes no tensor', async () => {
    using model = initializeModel(siglipTextSpec(tiny), 1);
    const { forward } = siglipText(tiny, model.params);
    const short = textBatch({ shape: [1, 7], data: new Int32Array(7) });
    await expectNoLeak(() => {
      expect(() => forward(short)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    });
  });
});

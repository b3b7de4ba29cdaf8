import { EmbeddingError } from '@diptych/core';
import { describeGolden, goldenJson } from '@diptych/golden';
import { initializeModel, loadModel, place } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import {
  expectGradients,
  describeBackends,
  expectClose,
  expectNoLeak,
  numbers,
  openGolden,
  readManifest,
  readTensors,
  textBatch,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  clipText,
  type ClipTextConfig,
  clipTextSpec,
  clipTextTokens,
  hfClipTextNames,
  openClipTextNames,
} from '../src/index.ts';

const tiny: ClipTextConfig = {
  vocabSize: 64,
  contextLength: 12,
  width: 24,
  layers: 2,
  heads: 3,
  mlpWidth: 48,
  dim: 16,
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
  endOfText: 63,
};

const isHfText = (name: string) => name.startsWith('text_');
const isOpenClipText = (name: string) => !name.startsWith('visual.') && name !== 'logit_scale';

describeGolden('clipText', () => {
  describeBackends('the tiny CLIP of transformers', () => {
    test.each(['quick_gelu', 'gelu'])('gives its embeddings and token states with %s', async (activation) => {
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip/model.safetensors', isHfText);
      const config = { ...tiny, activation };
      const batch = textBatch(expected.get('in.input_ids')!);
      await expectNoLeak(async () => {
        using model = await loadModel(clipTextSpec(config), checkpoint, hfClipTextNames);
        const encoder = clipText(config, model.params);
        expectClose(
          await valuesOf(() => encoder.forward(batch)),
          numbers(expected, `${activation}.text_embeds_raw`),
          1e-5,
        );
        const states = await valuesOf(() => clipTextTokens(config, model.params, batch));
        expectClose(states, numbers(expected, `${activation}.text.last_hidden_state`), 1e-5);
      });
    });

    test('gives the same with the historical end-of-text rule', async () => {
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip/model.safetensors', isHfText);
      const config = { ...tiny, endOfText: 'largest' } as const;
      const batch = textBatch(expected.get('in.input_ids')!);
      using model = await loadModel(clipTextSpec(config), checkpoint, hfClipTextNames);
      const rows = await valuesOf(() => clipText(config, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'quick_gelu.text_embeds_raw'), 1e-5);
    });

    test('ignores position ids in the file', async () => {
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip/model_with_position_ids.safetensors', isHfText);
      expect(checkpoint.names).toContain('text_model.embeddings.position_ids');
      using model = await loadModel(clipTextSpec(tiny), checkpoint, hfClipTextNames);
      const batch = textBatch(expected.get('in.input_ids')!);
      const rows = await valuesOf(() => clipText(tiny, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'quick_gelu.text_embeds_raw'), 1e-5);
    });

    test('gives the same from the names of open_clip', async () => {
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip_openclip/open_clip_model.safetensors', isOpenClipText);
      const config = { ...tiny, endOfText: 'largest' } as const;
      using model = await loadModel(clipTextSpec(config), checkpoint, openClipTextNames);
      const batch = textBatch(expected.get('in.input_ids')!);
      const rows = await valuesOf(() => clipText(config, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'quick_gelu.text_embeds_raw'), 1e-5);
    });
  });

  describeBackends('the tiny CLIP with a residual network', () => {
    test('gives its text embeddings', async () => {
      const config: ClipTextConfig = {
        ...tiny,
        width: 16,
        layers: 1,
        heads: 2,
        mlpWidth: 64,
        endOfText: 'largest',
      };
      const expected = await readTensors('oracles/tiny_clip_rn/expected.safetensors');
      const checkpoint = await openGolden('oracles/tiny_clip_rn/open_clip_model.safetensors', isOpenClipText);
      using model = await loadModel(clipTextSpec(config), checkpoint, openClipTextNames);
      const rows = await valuesOf(() =>
        clipText(config, model.params).forward(textBatch(expected.get('in.input_ids')!)),
      );
      expectClose(rows, numbers(expected, 'text_embeds_raw'), 1e-5);
    });
  });

  describeBackends("OpenAI's own code", () => {
    test('gives its text features', async () => {
      const config: ClipTextConfig = {
        ...tiny,
        vocabSize: 200,
        contextLength: 16,
        width: 64,
        layers: 3,
        heads: 4,
        mlpWidth: 256,
        dim: 32,
        endOfText: 'largest',
      };
      const { text } = await goldenJson<{ text: number[][] }>('golden/openai_clip_tiny/vit.json');
      const expected = await readTensors('golden/openai_clip_tiny/vit.io.safetensors');
      const checkpoint = await openGolden('golden/openai_clip_tiny/vit.safetensors', isOpenClipText);
      using model = await loadModel(clipTextSpec(config), checkpoint, openClipTextNames);
      const batch = textBatch({ shape: [text.length, config.contextLength], data: Int32Array.from(text.flat()) });
      const rows = await valuesOf(() => clipText(config, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'text_features'), 1e-5);
    });
  });
});

describeGolden('hfClipTextNames', () => {
  test('maps CLIPTextModelWithProjection whole', async () => {
    const manifest = await readManifest('hf_clip_text_with_projection');
    const base = { vocabSize: 49408, contextLength: 77, width: 512, layers: 12, heads: 8, mlpWidth: 2048, dim: 512 };
    const placed = place(clipTextSpec({ ...tiny, ...base }), manifest, hfClipTextNames);
    expect(placed.flatMap(({ from }) => from).toSorted()).toEqual([...manifest.names].toSorted());
  });
});

describeBackends('clipText', () => {
  const ids = [62, 5, 63, 0, 0, 62, 63, 1, 1, 1];
  const batch = (values: readonly number[], n: number) => {
    return textBatch({ shape: [n, values.length / n], data: Int32Array.from(values) });
  };

  test('is not moved by what follows the end of a text', async () => {
    using model = initializeModel(clipTextSpec(tiny), 1);
    const { forward } = clipText(tiny, model.params);
    const rows = await valuesOf(() => forward(batch(ids, 2)));
    const others = ids.map((id, i) => ([3, 4, 7, 8, 9].includes(i) ? 7 : id));
    expectClose(await valuesOf(() => forward(batch(others, 2))), rows, 0);
    expectClose(await valuesOf(() => forward(batch(ids.slice(0, 5), 1))), rows.subarray(0, 16), 1e-6);
  });

  test('with full attention reads padding too, and refuses texts without it', async () => {
    const config = { ...tiny, attention: 'full' } as const;
    using model = initializeModel(clipTextSpec(config), 1);
    const { forward } = clipText(config, model.params);
    const padded = (padding: number) => batch([62, 5, 63, ...Array.from({ length: 9 }, () => padding)], 1);
    await expectNoLeak(async () => {
      const rows = await valuesOf(() => forward(padded(0)));
      const others = await valuesOf(() => forward(padded(1)));
      expect(Math.max(...rows.map((v, i) => Math.abs(v - others[i]!)))).toBeGreaterThan(1e-4);
      const short = () => tf.tidy(() => forward(batch([62, 5, 63], 1)));
      expect(short).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    });
  });

  test('has the gradient of every variable', async () => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      using model = initializeModel(clipTextSpec(tiny), 1);
      const encoder = clipText(tiny, model.params);
      expect(encoder.variables).toHaveLength(2 + 2 * 12 + 2 + 1);
      await expectGradients(() => tf.sum(tf.square(encoder.forward(batch(ids, 2)))), encoder.variables);
    });
  });

  test('refuses texts it has no tokens, positions or end for, and makes no tensor', async () => {
    using model = initializeModel(clipTextSpec(tiny), 1);
    const { forward } = clipText(tiny, model.params);
    const refused = (text: number[], code: string) => {
      expect(() => forward(batch(text, 1))).toThrow(expect.objectContaining({ code }));
    };
    await expectNoLeak(() => {
      refused([62, 64, 63], 'INPUT_INVALID');
      refused([62, -1, 63], 'INPUT_INVALID');
      refused([62, 5, 6], 'INPUT_INVALID');
      refused([62, ...Array.from({ length: 11 }, () => 5), 63], 'SHAPE_MISMATCH');
      const short = { ...batch([62, 63], 1), shape: [1, 3] } as const;
      expect(() => forward(short)).toThrow(EmbeddingError);
    });
  });

  test('refuses a configuration that cannot be', () => {
    const code = (config: ClipTextConfig) => {
      try {
        clipTextSpec(config);
      } catch (error) {
        return (error as EmbeddingError).code;
      }
      return undefined;
    };
    expect(code({ ...tiny, heads: 5 })).toBe('CONFIG_INVALID');
    expect(code({ ...tiny, activation: 'gleu' })).toBe('CONFIG_INVALID');
  });
});

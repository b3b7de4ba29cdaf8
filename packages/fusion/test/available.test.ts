import { seededRandom } from '@diptych/core';
import { initializeModel } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import {
  type AvailableFusion,
  availableAttentionFusion,
  availableAttentionSpec,
  availableMeanFusion,
  availableMeanSpec,
  concatMlpFusion,
  concatMlpSpec,
  dropModalities,
  lateFusion,
  lateSpec,
  missingTokensFusion,
  missingTokensSpec,
  type Presence,
} from '../src/index.ts';

beforeAll(enableAutodiff);

type Part = 'text' | 'image' | 'audio';
const parts = { text: 4, image: 5, audio: 3 };
const config = { parts, dim: 6, hidden: 7, weights: { text: 1, image: 2, audio: 1 } };
const row = (name: Part, n: number, value = 1) =>
  tf.tensor2d(
    Array.from({ length: n * parts[name] }, (_, i) => value * Math.cos(i * i + parts[name])),
    [n, parts[name]],
  );
const given = (n: number) => ({ text: row('text', n), image: row('image', n), audio: row('audio', n) });

/** Each operator that can do without parts, with parameters of its own. */
const spec = {
  mean: availableMeanSpec(config),
  attention: availableAttentionSpec(config),
  late: lateSpec(config),
  tokens: missingTokensSpec(parts),
  mlp: concatMlpSpec(config),
};

async function withEach(check: (fusion: AvailableFusion<Part>) => Promise<void>): Promise<void> {
  using model = initializeModel(spec, 11);
  const { mean, attention, late, tokens, mlp } = model.params;
  const fusions = {
    mean: availableMeanFusion(config, mean),
    attention: availableAttentionFusion(config, attention),
    late: lateFusion(config, late),
    tokens: missingTokensFusion(parts, tokens, concatMlpFusion(config, mlp)),
  };
  for (const fusion of Object.values(fusions)) await expectNoLeak(() => check(fusion));
}

describeBackends('a missing part', () => {
  test('is the same, left out or masked in every row', () =>
    withEach(async ({ forward }) => {
      const left = await valuesOf(() => forward({ text: row('text', 2), image: row('image', 2) }));
      expectClose(await valuesOf(() => forward(given(2), { audio: [0, 0] })), left, 0);
    }));

  test('gets no weight, whatever stands in its row', () =>
    withEach(async ({ forward }) => {
      const present = { image: [0, 1] };
      const masked = await valuesOf(() => forward(given(2), present));
      expect(masked.every(Number.isFinite)).toBe(true);
      const spoilt = await valuesOf(() => {
        const image = tf.concat([tf.mul<tf.Tensor2D>(tf.ones([1, 5]), NaN), tf.slice(row('image', 2), [1, 0], [1, 5])]);
        return forward({ ...given(2), image }, present);
      });
      expectClose(spoilt, masked, 0);
    }));

  test('gets no gradient', () =>
    withEach(async ({ forward }) => {
      const slopes = await valuesOf(() => {
        const { text, image, audio } = given(2);
        return tf.grad((x) => forward({ text, image: x as tf.Tensor2D, audio }, { image: [0, 1] }))(image);
      });
      expectClose(slopes.subarray(0, 5), [0, 0, 0, 0, 0], 0);
      expect(slopes.subarray(5).some((slope) => slope !== 0)).toBe(true);
    }));

  test('concerns its own item only', () =>
    withEach(async ({ forward }) => {
      const whole = await valuesOf(() => forward(given(2)));
      const masked = await valuesOf(() => forward(given(2), { audio: [0, 1] }));
      expectClose(masked.subarray(6), whole.subarray(6), 1e-6);
      expect(masked.subarray(0, 6)).not.toEqual(whole.subarray(0, 6));
    }));

  test('cannot be every part of an item', () =>
    withEach(async ({ forward }) => {
      const fails = (present: Presence<string>, code: string) =>
        expect(() => tf.tidy(() => forward(given(2), present))).toThrow(expect.objectContaining({ code }));
      fails({ text: [1, 0], image: [1, 0], audio: [1, 0] }, 'INPUT_INVALID');
      fails({ text: [1] }, 'SHAPE_MISMATCH');
      fails({ sound: [1, 1] }, 'INPUT_INVALID');
      const alone = () => tf.tidy(() => forward({ text: row('text', 1) }, { text: [0] }));
      expect(alone).toThrow(/item 0: expected at least one part/);
      expect(() => forward({})).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    }));

  test('takes a mask of dropModalities', () =>
    withEach(async ({ forward, dim }) => {
      const present = dropModalities({ n: 8, parts }, 0.5, seededRandom(1));
      const rows = await valuesOf(() => forward(given(8), present));
      expect(rows).toHaveLength(8 * dim);
      expect(rows.every(Number.isFinite)).toBe(true);
    }));
});

import { describeGolden } from '@diptych/golden';
import { type Linear, projectionSpec } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describePrecisions } from '@diptych/testkit';
import type { Fusion } from '@diptych/core';
import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, test } from 'vitest';
import {
  availableAttentionFusion,
  availableAttentionSpec,
  availableMeanFusion,
  availableMeanSpec,
  bilinearFusion,
  bilinearSpec,
  compactBilinear,
  concatLinearFusion,
  concatLinearSpec,
  concatMlpFusion,
  concatMlpSpec,
  filmFusion,
  filmSpec,
  gatedFusion,
  gatedSpec,
  hadamardFusion,
  hadamardSpec,
  lateFusion,
  lateSpec,
  lmfFusion,
  lmfSpec,
  mcbFusion,
  mfbFusion,
  mfbSpec,
  missingTokensFusion,
  missingTokensSpec,
  mlbFusion,
  mlbSpec,
  mutanFusion,
  mutanSpec,
  outerSketch,
  sumFusion,
  sumSpec,
  tfnFusion,
} from '../src/index.ts';
import { fusionCase, fusionCheck, sketchesOf } from './expect-fusion.ts';

beforeAll(enableAutodiff);

const parts = { x: 5, y: 4 };
const config = { parts, dim: 3 };
const projections = { 'projections.x.weight': 'wx', 'projections.y.weight': 'wy' };
const nothing = { spec: {}, names: {} };

const joins =
  ({ forward }: Fusion<'x' | 'y'>) =>
  (x: tf.Tensor2D, y: tf.Tensor2D) =>
    forward({ y, x });

/** The mask of the reference, `[n, parts]`, by part. */
const presenceOf = (mask: readonly (readonly number[])[]) => ({
  x: mask.map(([x]) => x!),
  y: mask.map(([, y]) => y!),
});

describeGolden('fusion.json', () => {
  describePrecisions({ double: 1e-9, single: 1e-5 }, (run, tolerance) => {
    const expectFusion = fusionCheck(run, tolerance);

    test('of concatenation and a linear layer', async () => {
      const learned = { spec: concatLinearSpec(config), names: { weight: 'w', bias: 'b' } };
      await expectFusion('concat_linear_seed', learned, (p) => joins(concatLinearFusion(config, p)));
    });

    test('of concatenation and two layers', async () => {
      const wide = { ...config, hidden: 6 };
      const names = { 'fc1.weight': 'w1', 'fc1.bias': 'b1', 'fc2.weight': 'w2', 'fc2.bias': 'b2' };
      await expectFusion('concat_mlp', { spec: concatMlpSpec(wide), names }, (p) => joins(concatMlpFusion(wide, p)));
    });

    test('of the sum', async () => {
      const learned = { spec: sumSpec(config), names: { ...projections, bias: 'b' } };
      await expectFusion('sum', learned, (p) => joins(sumFusion(config, p)));
    });

    test('of the elementwise product', async () => {
      const learned = { spec: hadamardSpec(config), names: projections };
      await expectFusion('hadamard', learned, (p) => joins(hadamardFusion(config, p)));
    });

    test('of the gated unit', async () => {
      const learned = { spec: gatedSpec(config), names: { ...projections, 'gate.weight': 'wz' } };
      await expectFusion('gmu', learned, (p) => joins(gatedFusion(config, p)));
    });

    test('of the bilinear form', async () => {
      const learned = { spec: bilinearSpec(config), names: { weight: 'w', bias: 'b' } };
      await expectFusion('bilinear', learned, (p) => joins(bilinearFusion(config, p)));
    });

    test('of MLB', async () => {
      const ranked = { ...config, rank: 6 };
      const names = { 'projections.x.weight': 'u', 'projections.y.weight': 'v', 'out.weight': 'p', 'out.bias': 'b' };
      await expectFusion('mlb', { spec: mlbSpec(ranked), names }, (p) => joins(mlbFusion(ranked, p)));
    });

    test('of MUTAN', async () => {
      const ranked = { ...config, inner: 4, hidden: 5, rank: 2 };
      const factors = { 'factors.x.weight': 'm', 'factors.y.weight': 'n', 'out.weight': 'wo' };
      const learned = { spec: mutanSpec(ranked), names: { ...projections, ...factors } };
      await expectFusion('mutan', learned, (p) => joins(mutanFusion(ranked, p)));
    });

    test('of MFB', async () => {
      const pooled = { ...config, pool: 2 };
      const names = { 'projections.x.weight': 'u', 'projections.y.weight': 'v' };
      await expectFusion('mfb', { spec: mfbSpec(pooled), names }, (p) => joins(mfbFusion(pooled, p)));
    });

    test('of MCB, and its sketch alone', async () => {
      const sketches = await sketchesOf('mcb_raw');
      const sketched = { parts, dim: 8, sketches: { x: sketches[0], y: sketches[1] } };
      // Normalised, an empty place of the reference is 5e-7: the root of 1e-12 with the sign of its rounding, -3e-17.
      const normalised = fusionCheck(run, Math.max(tolerance, 1e-6));
      await normalised('mcb_normalised', nothing, () => joins(mcbFusion(sketched)));
      const sketch = outerSketch(...sketches, 8);
      await expectFusion('mcb_raw', nothing, () => (x, y) => compactBilinear(sketch, x, y, 8));
    });

    test('of the tensor product', async () => {
      await expectFusion('tfn_outer', nothing, () => joins(tfnFusion(parts)));
    });

    test('of LMF', async () => {
      const ranked = { ...config, rank: 3 };
      const names = { 'factors.x.weight': 'fx', 'factors.y.weight': 'fy', weights: 'fw', bias: 'fb' };
      await expectFusion('lmf', { spec: lmfSpec(ranked), names }, (p) => joins(lmfFusion(ranked, p)));
    });

    test('of FiLM', async () => {
      const modulation = { parts, modulated: 'x' } as const;
      const learned: { spec: Linear; names: Record<string, string> } = {
        spec: filmSpec(modulation),
        names: { weight: 'w', bias: 'b' },
      };
      await expectFusion('film_1plus', learned, (p) => joins(filmFusion(modulation, p)));
    });

    test('of late fusion', async () => {
      const weighted = { ...config, weights: { y: 0.3, x: 0.7 } };
      const learned = { spec: lateSpec(weighted), names: projections };
      await expectFusion('score_fusion_unit', learned, (p) => joins(lateFusion(weighted, p)));
    });

    test('of the mean of the parts that are there', async () => {
      const mask = (await fusionCase('masked_mean_missing_modality')).mask!;
      const learned = { spec: availableMeanSpec(config), names: projections };
      await expectFusion('masked_mean_missing_modality', learned, (p) => (x, y) => {
        return availableMeanFusion(config, p).forward({ x, y }, presenceOf(mask));
      });
    });

    test('of learned tokens for missing parts', async () => {
      const mask = (await fusionCase('missing_token')).mask!;
      const learned = {
        spec: { tokens: missingTokensSpec(parts), head: projectionSpec(9, 3) },
        names: { 'tokens.x': 'tx', 'tokens.y': 'ty', 'head.weight': 'w' },
      };
      await expectFusion('missing_token', learned, ({ tokens, head }) => (x, y) => {
        return missingTokensFusion(parts, tokens, concatLinearFusion(config, head)).forward({ x, y }, presenceOf(mask));
      });
    });

    test('of attention over the parts that are there', async () => {
      const mask = (await fusionCase('gated_masked_softmax')).mask!;
      const learned = { spec: availableAttentionSpec(config), names: { ...projections, query: 'q' } };
      await expectFusion('gated_masked_softmax', learned, (p) => (x, y) => {
        return availableAttentionFusion(config, p).forward({ x, y }, presenceOf(mask));
      });
    });
  });
});

import { initializeModel, type ParamsOf, type Spec } from '@diptych/nn';
import { describeBackends, expectClose, expectNoLeak, valuesOf } from '@diptych/testkit';
import { type Fusion, seededRandom } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import * as fusion from '../src/index.ts';

const shared = { dim: 5, inner: 4, hidden: 6, rank: 3, pool: 2, weights: { text: 2, image: 1 } };
/** Parts of one width: nothing but the name tells whose a parameter is. */
const config: Config = { ...shared, parts: { text: 4, image: 4 } };
const turned: Config = { ...shared, parts: { image: 4, text: 4 } };

type Config = Omit<typeof shared, 'weights'> & Record<'parts' | 'weights', Readonly<Record<string, number>>>;

function modulated({ parts }: Config) {
  return { parts, modulated: 'text' };
}

function operator<S extends Spec>(spec: S, fuse: (config: Config, params: ParamsOf<S>) => Fusion<string>) {
  return { spec, fuse: fuse as (config: Config, params: unknown) => Fusion<string> };
}

/** What they learn is of all parts together. */
const joint = {
  concatLinear: operator(fusion.concatLinearSpec(config), fusion.concatLinearFusion),
  concatMlp: operator(fusion.concatMlpSpec(config), fusion.concatMlpFusion),
  bilinear: operator(fusion.bilinearSpec(config), fusion.bilinearFusion),
  tfn: operator({}, ({ parts }) => fusion.tfnFusion(parts)),
  film: operator(fusion.filmSpec(modulated(config)), (given, p) => fusion.filmFusion(modulated(given), p)),
};

/** What they learn is of each part. */
const own = {
  sum: operator(fusion.sumSpec(config), fusion.sumFusion),
  hadamard: operator(fusion.hadamardSpec(config), fusion.hadamardFusion),
  gated: operator(fusion.gatedSpec(config), fusion.gatedFusion),
  mlb: operator(fusion.mlbSpec(config), fusion.mlbFusion),
  mutan: operator(fusion.mutanSpec(config), fusion.mutanFusion),
  mfb: operator(fusion.mfbSpec(config), fusion.mfbFusion),
  lmf: operator(fusion.lmfSpec(config), fusion.lmfFusion),
  late: operator(fusion.lateSpec(config), fusion.lateFusion),
  availableMean: operator(fusion.availableMeanSpec(config), fusion.availableMeanFusion),
  availableAttention: operator(fusion.availableAttentionSpec(config), fusion.availableAttentionFusion),
  missingTokens: operator(
    { tokens: fusion.missingTokensSpec(config.parts), head: fusion.sumSpec(config) },
    (given, { tokens, head }) => fusion.missingTokensFusion(given.parts, tokens, fusion.sumFusion(given, head)),
  ),
};

function rows(seed: number): tf.Tensor2D {
  const next = seededRandom(seed);
  return tf.tensor2d(Float32Array.from({ length: 12 }, next), [3, 4]);
}

const given = () => ({ text: rows(1), image: rows(2) });

describeBackends('parameters belong to parts by name', () => {
  describe.each(Object.entries({ ...joint, ...own }))('%s', (name, { spec, fuse }) => {
    test('gives the same in whatever order a config lists the parts', async () => {
      using model = initializeModel(spec, 3);
      const [straight, other] = [fuse(config, model.params), fuse(turned, model.params)];
      await expectNoLeak(async () => {
        const expected = await valuesOf(() => straight.forward(given()));
        expectClose(await valuesOf(() => other.forward(given())), expected, 1e-6);
        if (name !== 'missingTokens') return;
        const alone = await valuesOf(() => straight.forward({ text: rows(1) }));
        expectClose(await valuesOf(() => other.forward({ text: rows(1) })), alone, 1e-6);
      });
    });
  });

  describe.each(Object.entries(own))('%s', (_name, { spec, fuse }) => {
    test('refuses parameters of other parts', () => {
      using model = initializeModel(spec, 3);
      const others = { ...config, parts: { text: 4, sound: 4 }, weights: { text: 1, sound: 1 } };
      const mixed = () => tf.tidy(() => fuse(others, model.params).forward({ text: rows(1), sound: rows(2) }));
      expect(mixed).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    });
  });

  test('of a sketch too', async () => {
    const sketches = { text: fusion.countSketch(4, 16, 1), image: fusion.countSketch(4, 16, 2) };
    const [straight, other] = [config, turned].map(({ parts }) => fusion.mcbFusion({ parts, dim: 16, sketches }));
    await expectNoLeak(async () => {
      const expected = await valuesOf(() => straight!.forward(given()));
      expectClose(await valuesOf(() => other!.forward(given())), expected, 1e-6);
    });
  });
});

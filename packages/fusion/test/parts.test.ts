import { initializeModel } from '@diptych/nn';
import type { Fusion } from '@diptych/core';
import { given } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  bilinearSpec,
  concatLinearFusion,
  concatLinearSpec,
  countSketch,
  filmFusion,
  filmSpec,
  gated,
  gatedFusion,
  gatedSpec,
  hadamardFusion,
  hadamardSpec,
  mcbFusion,
  mlbFusion,
  mlbSpec,
  tfnFusion,
} from '../src/index.ts';

const parts = { text: 4, image: 3 };
const config = { parts, dim: 2 };
const modulation = { parts, modulated: 'text' } as const;
const rows = (n: number, width: number, phase = 0) =>
  tf.tensor2d(
    Array.from({ length: n * width }, (_, i) => Math.sin(phase + i * i)),
    [n, width],
  );
const twoParts = () => ({ text: rows(2, 4), image: rows(2, 3, 1) });

describeBackends('parts', () => {
  test('are taken by name, in whatever order they come', async () => {
    using model = initializeModel(concatLinearSpec(config), 1);
    const { forward } = concatLinearFusion(config, model.params);
    await expectNoLeak(async () => {
      const { text, image } = twoParts();
      const one = await valuesOf(() => forward({ text, image }));
      expectClose(await valuesOf(() => forward({ image, text })), one, 0);
      tf.dispose([text, image]);
    });
  });

  test('that an operator needs are named when they are missing', async () => {
    using model = initializeModel(gatedSpec(config), 1);
    const { forward } = gatedFusion(config, model.params);
    const without = () => tf.tidy(() => forward({ text: rows(2, 4) }));
    await expectNoLeak(() => {
      expect(without).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
      expect(without).toThrow(/part 'image': expected every part, got none/);
      expect(() => forward({})).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    });
  });

  test('are refused in another shape, in other numbers or by another name', async () => {
    using model = initializeModel(gatedSpec(config), 1);
    const { forward } = gatedFusion(config, model.params);
    const unpooled = (): tf.Tensor => tf.zeros([2, 3, 3]);
    const fails = (other: () => Parameters<typeof forward>[0], code: string) =>
      expect(() => tf.tidy(() => forward({ ...twoParts(), ...other() }))).toThrow(expect.objectContaining({ code }));
    await expectNoLeak(() => {
      fails(() => ({ image: rows(2, 4) }), 'SHAPE_MISMATCH');
      fails(() => ({ image: rows(3, 3) }), 'SHAPE_MISMATCH');
      fails(() => ({ image: unpooled() as tf.Tensor2D }), 'SHAPE_MISMATCH');
      fails(() => ({ audio: rows(2, 3) }) as Parameters<typeof forward>[0], 'INPUT_INVALID');
    });
  });

  test('may be three where the operator is a product of all', async () => {
    const three = { parts: { ...parts, audio: 5 }, dim: 2, rank: 4 };
    using model = initializeModel({ hadamard: hadamardSpec(three), mlb: mlbSpec(three) }, 1);
    const all = [
      hadamardFusion(three, model.params.hadamard),
      mlbFusion(three, model.params.mlb),
      tfnFusion(three.parts),
    ];
    await expectNoLeak(() => {
      const shapes = all.map(({ forward }) => tf.tidy(() => forward({ ...twoParts(), audio: rows(2, 5) }).shape));
      expect(shapes).toEqual(all.map(({ dim }) => [2, dim]));
    });
    expect(all[2]!.dim).toBe(5 * 4 * 6);
  });

  test('a gate of zero leaves the second by name, a gate of one the first', async () => {
    using model = initializeModel(gatedSpec({ parts: { text: 1, image: 1 }, dim: 1 }), 1);
    const { projections } = model.params;
    const { text, image } = projections as { text: { weight: tf.Tensor2D }; image: { weight: tf.Tensor2D } };
    const one = () => tf.ones<tf.Rank.R2>([1, 1]);
    const withGate = (value: number) =>
      valuesOf(() =>
        gated(
          { projections, gate: { weight: tf.mul(tf.ones<tf.Rank.R2>([2, 1]), value) } },
          { text: one(), image: one() },
        ),
      );
    expectClose(await withGate(-100), await valuesOf(() => tf.tanh(text.weight)), 1e-6);
    expectClose(await withGate(100), await valuesOf(() => tf.tanh(image.weight)), 1e-6);
  });

  test('modulated by nothing stay as they are', async () => {
    using model = initializeModel(filmSpec(modulation), 1);
    for (const variable of model.variables.values()) tf.tidy(() => variable.assign(tf.zerosLike(variable)));
    const { forward } = filmFusion(modulation, model.params);
    expectClose(await valuesOf(() => forward(twoParts())), await valuesOf(() => twoParts().text), 0);
  });

  test('compact bilinear rows have length 1, and a zero part gives zeros', async () => {
    const sketched = { parts, dim: 16, sketches: { text: countSketch(4, 16, 1), image: countSketch(3, 16, 2) } };
    const { forward, variables } = mcbFusion(sketched);
    expect(variables).toEqual([]);
    await expectNoLeak(async () => {
      const joint = await valuesOf(() => forward(twoParts()));
      expect(Math.hypot(...joint.subarray(0, 16))).toBeCloseTo(1, 5);
      const zero = await valuesOf(() => forward({ ...twoParts(), image: tf.zeros([2, 3]) }));
      expectClose(zero, new Float32Array(32), 0);
    });
  });
});

describe('config', () => {
  const three = { parts: { ...parts, audio: 5 }, dim: 2 };
  const invalid = expect.objectContaining({ code: 'CONFIG_INVALID' });

  test('of an operator of two parts names two', () => {
    expect(() => gatedSpec(three)).toThrow(invalid);
    expect(() => bilinearSpec(three)).toThrow(/bilinear: expected two parts, got audio, image, text/);
    expect(() => filmSpec({ parts: { text: 4 }, modulated: 'text' })).toThrow(invalid);
    expect(() => filmSpec<string>({ parts, modulated: 'audio' })).toThrow(
      /film: modulated: expected one of image, text/,
    );
    expect(() => gatedFusion(three, given({ gate: {}, projections: {} }))).toThrow(invalid);
  });

  test('has sketches of its parts', () => {
    const fits = countSketch(3, 16, 2);
    expect(() => mcbFusion({ parts, dim: 16, sketches: { text: countSketch(5, 16, 1), image: fits } })).toThrow(
      invalid,
    );
    expect(() => mcbFusion({ parts, dim: 2, sketches: { text: countSketch(4, 16, 1), image: fits } })).toThrow(
      /sketch of part 'image'/,
    );
    expect(countSketch(4, 16, 1)).toEqual(countSketch(4, 16, 1));
  });

  test('gives a fusion its parts by type', () => {
    expectTypeOf(tfnFusion(parts)).toEqualTypeOf<Fusion<'text' | 'image'>>();
  });
});

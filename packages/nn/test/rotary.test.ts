import { describeBackends, expectClose, expectGradients, expectNoLeak, valuesOf } from '@diptych/testkit';
import { given } from '@diptych/golden';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import {
  attentionSpec,
  causalMask,
  initializeModel,
  rotaryOf,
  type RotaryPairs,
  rotaryPositions,
  rotate,
  selfAttention,
  tokensAt,
} from '../src/index.ts';

beforeAll(enableAutodiff);

const [n, length, heads, size] = [2, 5, 3, 8];
const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * i + 1));
const places = [0, 1, 2, 7, 100];

/** One component after another, as the paper writes it. */
function turned(x: Float32Array, pairs: RotaryPairs, base: number): Float64Array {
  return Float64Array.from(x, (own, i) => {
    const [component, place] = [i % size, places[Math.floor(i / size / heads) % length]!];
    const [half, pair] =
      pairs === 'halves'
        ? [Math.floor(component / (size / 2)), component % (size / 2)]
        : [component % 2, Math.floor(component / 2)];
    const other = x[i + (half === 0 ? 1 : -1) * (pairs === 'halves' ? size / 2 : 1)]!;
    const angle = place * base ** ((-2 * pair) / size);
    return own * Math.cos(angle) + (half === 0 ? -1 : 1) * other * Math.sin(angle);
  });
}

describeBackends('rotary positions', () => {
  test.each([
    ['halves', 10_000],
    ['neighbours', 10_000],
    ['halves', 1000],
  ] as const)('of %s at base %d turn each pair by its own angle', async (pairs, base) => {
    const x = numbers(n * length * heads * size);
    await expectNoLeak(async () => {
      const got = await valuesOf(() =>
        rotate(tf.tensor4d(x, [n, length, heads, size]), rotaryPositions(places, { size, base, pairs })),
      );
      expectClose(got, turned(x, pairs, base), 1e-6);
    });
  });

  test('leave a token of no angle as it is', async () => {
    const angles = [
      [0, 0],
      [1, 2],
    ];
    const got = await valuesOf(() =>
      rotate(tf.tensor4d([1, 2, 3, 4, 1, 2, 3, 4], [1, 2, 1, 4]), rotaryOf(angles, 'halves')),
    );
    expectClose(got.slice(0, 4), [1, 2, 3, 4], 0);
    expectClose([got[4]!], [Math.cos(1) - 3 * Math.sin(1)], 1e-6);
  });

  test.each(['halves', 'neighbours'] as const)('of %s make attention see distances alone', async (pairs) => {
    using model = initializeModel(attentionSpec(24), 3);
    const attended = (start: number) =>
      valuesOf(() => {
        const rotary = rotaryPositions(
          [0, 1, 2, 3, 4].map((at) => at + start),
          { size: 12, base: 100, pairs },
        );
        return selfAttention(model.params, tf.tensor3d(numbers(2 * 5 * 24), [2, 5, 24]), { heads: 2, rotary });
      });
    const [first, moved] = [await attended(0), await attended(9)];
    expectClose(moved, first, 1e-6);
    const still = await valuesOf(() =>
      selfAttention(model.params, tf.tensor3d(numbers(2 * 5 * 24), [2, 5, 24]), { heads: 2 }),
    );
    expect(Math.max(...first.map((value, i) => Math.abs(value - still[i]!)))).toBeGreaterThan(1e-3);
  });

  test('of items one after another are those of each alone', async () => {
    using model = initializeModel(attentionSpec(24), 3);
    const config = { size: 12, base: 100, pairs: 'halves' } as const;
    await expectNoLeak(async () => {
      const all = tf.tensor3d(numbers(5 * 24), [1, 5, 24]);
      const mask = () => causalMask(3);
      const packed = await valuesOf(() => {
        const rotary = rotaryPositions([0, 1, 2, 0, 1], config);
        return selfAttention(model.params, all, { heads: 2, rotary, lengths: [3, 2], mask: mask(), at: [2, 1] });
      });
      const alone = await valuesOf(() => {
        const items = tf.split(all, [3, 2], 1).map((item, i) => {
          const rotary = rotaryPositions([0, 1, 2].slice(0, item.shape[1]), config);
          const own = tf.slice(mask(), [0, 0, 0, 0], [1, 1, item.shape[1]!, item.shape[1]!]);
          return tokensAt(selfAttention(model.params, item as tf.Tensor3D, { heads: 2, rotary, mask: own }), [2 - i]);
        });
        return tf.concat(items, 0);
      });
      expectClose(packed, alone, 1e-6);
      all.dispose();
    });
  });

  test.each(['halves', 'neighbours'] as const)('of %s have exact gradients', async (pairs) => {
    using model = initializeModel({ attention: attentionSpec(16), x: { shape: [10, 16], init: numbers } }, 5);
    const loss = () => {
      const rotary = rotaryPositions([0, 1, 2, 3, 4], { size: 8, base: 10, pairs });
      const x = tf.reshape<tf.Rank.R3>(model.params.x, [2, 5, 16]);
      return tf.mean<tf.Scalar>(tf.square(selfAttention(model.params.attention, x, { heads: 2, rotary })));
    };
    await expectGradients(loss, [...model.variables.values()]);
  });

  test('refuse what they are not', () => {
    const refused = { code: 'INPUT_INVALID' };
    expect(() => rotaryPositions([0], { size: 3, base: 10, pairs: 'halves' })).toThrow(
      expect.objectContaining(refused),
    );
    expect(() => rotaryPositions([0], { size: 4, base: 0, pairs: 'halves' })).toThrow(expect.objectContaining(refused));
    expect(() => rotaryOf([[0]], given('quarters'))).toThrow(expect.objectContaining(refused));
  });
});

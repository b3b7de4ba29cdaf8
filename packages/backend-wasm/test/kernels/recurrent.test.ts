import type { FusedRecurrent } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers } from './random.ts';
import { type Cell, recurrentFormula } from './recurrent-formula.ts';
import { expectClose, runAll } from './run.ts';
import { describeVariants } from './variants.ts';

type Attrs = FusedRecurrent['attrs'];

// The third text has a gap, the last none that counts.
const masks = [
  [1, 1, 1, 1],
  [1, 1, 0, 0],
  [0, 1, 0, 1],
  [0, 0, 0, 0],
];
const mask = () => tf.tensor2d(masks);
const [n, length] = [4, 4];

const directions: readonly Attrs[] = (['gru', 'lstm'] as const).flatMap((kind) =>
  (['forward', 'backward'] as const).map((direction) => ({ kind, direction })),
);

function cellOf({ kind }: Attrs, inputs: number, hidden: number): Cell {
  const numbers = randomNumbers(inputs + hidden);
  const width = (kind === 'gru' ? 3 : 4) * hidden;
  return {
    x: numbers(n * length * inputs),
    inputWeight: numbers(inputs * width),
    inputBias: numbers(width),
    hiddenWeight: numbers(hidden * width),
    hiddenBias: numbers(width),
  };
}

function tensorsOf(cell: Cell, inputs: number, hidden: number): FusedRecurrent['inputs'] {
  const width = cell.inputBias.length;
  return {
    x: tf.tensor3d(Float32Array.from(cell.x), [n, length, inputs]),
    inputWeight: tf.tensor2d(Float32Array.from(cell.inputWeight), [inputs, width]),
    inputBias: tf.tensor1d(Float32Array.from(cell.inputBias)),
    hiddenWeight: tf.tensor2d(Float32Array.from(cell.hiddenWeight), [hidden, width]),
    hiddenBias: tf.tensor1d(Float32Array.from(cell.hiddenBias)),
    mask: mask(),
  };
}

describeVariants('recurrent layers', () => {
  for (const attrs of directions) {
    it.each([
      [1, 1],
      [3, 2],
      [5, 4],
      [2, 7],
      [9, 33],
    ])(`${attrs.kind}, ${attrs.direction}, of %i inputs and %i states, and its gradients`, (inputs, hidden) => {
      const cell = cellOf(attrs, inputs, hidden);
      const before = tf.memory();
      const [y, ...gradients] = tf.tidy(() => {
        const given = tensorsOf(cell, inputs, hidden);
        const [result, gates, states, products] = runAll('DiptychRecurrent', given, attrs);
        const dy = tf.tensor(randomNumbers(1)(result!.size), result!.shape);
        const kept = { gates: gates!, states: states!, products: products! };
        const found = runAll('DiptychRecurrentGrad', { ...given, ...kept, dy }, attrs);
        return [result!, ...found].map((tensor) => tensor.dataSync<'float32'>());
      });
      expect(tf.memory().numTensors).toBe(before.numTensors);
      const formula = (given: Cell) => recurrentFormula(given, { ...attrs, masks, hidden });
      expectClose(y!, formula(cell), 1e-6);
      const dy = randomNumbers(1)(y!.length);
      Object.keys(cell).forEach((name, i) => {
        expectClose(
          gradients[i]!,
          slopes(cell, name as keyof Cell, (given) => sum(formula(given), dy)),
          1e-5,
        );
      });
    });
  }

  it('give zeros, and no gradient, where nothing counts', () => {
    const attrs = directions[0]!;
    tf.tidy(() => {
      const given = { ...tensorsOf(cellOf(attrs, 3, 5), 3, 5), mask: tf.zeros([n, length]) };
      const [y, gates, states, products] = runAll('DiptychRecurrent', given, attrs);
      expect(y!.dataSync()).toEqual(new Float32Array(n * length * 5));
      const kept = { gates: gates!, states: states!, products: products!, dy: tf.onesLike(y!) };
      for (const gradient of runAll('DiptychRecurrentGrad', { ...given, ...kept }, attrs)) {
        expect(gradient.dataSync()).toEqual(new Float32Array(gradient.size));
      }
    });
  });

  it('far out are their limits, and NaN stays', () => {
    const one = (x: number) =>
      tf.tidy(() => {
        const weight = tf.tensor2d([0, 0, 1], [1, 3]);
        const given = {
          x: tf.tensor3d([x], [1, 1, 1]),
          inputWeight: weight,
          inputBias: tf.tensor1d([0, -200, 0]),
          hiddenWeight: weight,
          hiddenBias: tf.zeros([3]),
          mask: tf.ones([1, 1]),
        };
        return runAll('DiptychRecurrent', given, directions[0]!)[0]!.dataSync()[0]!;
      });
    for (const x of [0.001, 0.3, 0.62, 0.63, 2, 9, 100, 1e30]) {
      expect(one(x) / Math.tanh(x)).toBeCloseTo(1, 6);
      expect(one(-x)).toBe(-one(x));
    }
    expect([one(0), one(3e38), one(-3e38), one(NaN)]).toEqual([0, 1, -1, NaN]);
  });

  it('refuse what does not go together', () => {
    const attrs = directions[0]!;
    tf.tidy(() => {
      const given = tensorsOf(cellOf(attrs, 3, 5), 3, 5);
      const wrong = {
        x: tf.ones([2, 3]),
        inputWeight: tf.ones([4, 15]),
        hiddenBias: tf.ones([5]),
        mask: tf.ones([4, 3]),
      };
      for (const rows of [[0, 1], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 2], undefined]) {
        const shared = { ...attrs, ...(rows && { rows: Int32Array.from(rows) }) };
        const x = rows ? tf.ones([2, 3]) : tf.ones([16, 3]);
        const run = () => void runAll('DiptychRecurrent', { ...given, x, mask: tf.ones([4, 4]) }, shared);
        expect(run).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
      }
      for (const [name, tensor] of Object.entries(wrong)) {
        const run = () => void runAll('DiptychRecurrent', { ...given, [name]: tensor }, attrs);
        expect(run).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
      }
    });
  });
});

function sum(y: ArrayLike<number>, dy: Float32Array): number {
  return Array.from(y).reduce((total, value, i) => total + value * dy[i]!, 0);
}

/** Central differences in double precision. */
function slopes(cell: Cell, name: keyof Cell, loss: (cell: Cell) => number): Float64Array {
  const step = 1e-5;
  const numbers = new Float64Array(cell[name]);
  const shifted = { ...cell, [name]: numbers };
  return Float64Array.from(cell[name], (value, i) => {
    const at = (other: number) => {
      numbers[i] = other;
      return loss(shifted);
    };
    const slope = (at(value + step) - at(value - step)) / (2 * step);
    numbers[i] = value;
    return slope;
  });
}

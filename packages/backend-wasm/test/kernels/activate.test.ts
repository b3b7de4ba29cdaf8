import type { FusedActivation } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activations } from './activations.ts';
import { expectClose, run, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

const names = Object.keys(activations) as FusedActivation[];

function apply(activation: FusedActivation, x: Float32Array): Float32Array {
  return valuesOf(() => run('DiptychActivate', { x: tf.tensor1d(x) }, { activation }));
}

describeVariants('activations', () => {
  it.each(names)('%s from -6 to 6, and far out', (name) => {
    const x = Float32Array.from({ length: 2403 }, (_, i) => (i - 1201) / 200);
    x.set([-1e4, -100, -89, 1e4, 100, 89]);
    expectClose(apply(name, x), Float64Array.from(x, activations[name]), 3e-7, 3e-7);
  });

  it.each(names)('%s of any number of numbers writes no further', (name) => {
    const at0 = activations[name](0);
    for (let size = 0; size < 10; size++) {
      expect(apply(name, new Float32Array(size))).toEqual(new Float32Array(size).fill(at0));
    }
  });

  it.each(names)('%s keeps NaN, and what infinity becomes', (name) => {
    expect([...apply(name, Float32Array.of(NaN, Infinity))]).toEqual([NaN, activations[name](Infinity)]);
  });
});

import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { assignAll, type Named, type Snapshot, valuesOf } from './arrays.ts';

/** Exponential moving averages of variables, which often generalise better. It owns them. */
export interface MovingAverage extends Disposable {
  readonly averages: Named<tf.Variable>;
  /** Takes the variables' values in; call it after each step. */
  update(): void;
  /** Exchanges averages and variables: once before an evaluation, once after it. */
  swap(): void;
  snapshot(): Snapshot;
  /**
   * Continues, bit for bit, where the snapshot was taken.
   *
   * @throws {EmbeddingError} `CHECKPOINT_MISMATCH` when it is of other variables.
   */
  restore(state: Snapshot): void;
  /** Frees the averages, as `using` does; twice is once. */
  dispose(): void;
}

export interface MovingAverageOptions {
  /** Part of the old average that is kept; default 0.999. */
  readonly decay?: number;
  /** Keeps at most `(1 + n) / (10 + n)` at update `n`, from 0, so that the start is soon forgotten; default false. */
  readonly ramp?: boolean;
}

/** Averages that start at the variables' values. */
export function movingAverage(variables: Named<tf.Variable>, options: MovingAverageOptions = {}): MovingAverage {
  expectMembers(variables, 'movingAverage: variables', 'get');
  const { decay = 0.999, ramp = false } = expectMembers(options, 'movingAverage: options');
  const averages = new Map([...variables].map(([name, variable]) => [name, tf.variable(variable, false)]));
  let updates = 0;
  const dispose = () => averages.forEach((average) => average.dispose());
  const each = (next: (average: tf.Variable, variable: tf.Variable) => void) =>
    tf.tidy(() => variables.forEach((variable, name) => next(averages.get(name)!, variable)));
  return {
    averages,
    update: () => {
      const kept = ramp ? Math.min(decay, (1 + updates) / (10 + updates)) : decay;
      updates += 1;
      each((average, variable) => average.assign(tf.add(tf.mul(average, kept), tf.mul(variable, 1 - kept))));
    },
    swap: () =>
      each((average, variable) => {
        const value = tf.clone(average);
        average.assign(tf.clone(variable));
        variable.assign(value);
      }),
    snapshot: () => ({ steps: updates, arrays: valuesOf(averages) }),
    restore: (state) => {
      assignAll(averages, state.arrays, 'average');
      updates = state.steps;
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}

import { seededRandom } from '@diptych/nn';
import { expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

const step = 2e-3;

/**
 * Checks the gradient of `sum(forward())` with respect to each variable along a random direction against central
 * differences, and that every variable has one.
 */
export async function expectSlope(forward: () => tf.Tensor, variables: readonly tf.Variable[]): Promise<void> {
  const random = seededRandom(7);
  const loss = () => tf.sum<tf.Scalar>(tf.mul(forward(), tf.scalar(0.5)));
  await expectNoLeak(() => {
    for (const variable of variables) {
      const direction = Float32Array.from({ length: variable.size }, () => 2 * random() - 1);
      tf.tidy(() => {
        const start = tf.clone(variable);
        const along = tf.tensor(direction, variable.shape);
        const gradient = tf.variableGrads(loss, [variable]).grads[variable.name]!;
        const slope = tf.sum(tf.mul(gradient, along)).dataSync<'float32'>()[0]!;
        const at = (distance: number) => {
          variable.assign(tf.add(start, tf.mul(along, distance)));
          return loss().dataSync<'float32'>()[0]!;
        };
        const difference = (at(step) - at(-step)) / (2 * step);
        variable.assign(start);
        expect(Math.abs(slope - difference), `${variable.name}: ${slope}, by differences ${difference}`).toBeLessThan(
          2e-3 * Math.max(1, Math.abs(difference)),
        );
      });
    }
  });
}

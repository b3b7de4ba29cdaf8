import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { inDouble } from './in-double.ts';
import { expectNoLeak } from './leaks.ts';

/** Of central differences in double precision; `METHODS` asks for the same. */
const step = 1e-6;
const tolerance = 1e-4;

/**
 * Checks the gradient of `loss` with respect to each variable, as the current backend gives it, along a direction of its
 * own against central differences in double precision, and that every variable has one. Differences count relative to
 * the longest that the slope could be, and those of next to nothing to a thousandth of the largest.
 *
 * @param loss The same whenever it is called.
 */
export async function expectGradients(loss: () => tf.Scalar, variables: readonly tf.Variable[]): Promise<void> {
  await expectNoLeak(async () => {
    const found = variables.map((variable, i) => ({ variable, along: direction(variable.size, i) }));
    const gradients = tf.tidy(() => {
      const { grads } = tf.variableGrads(loss, [...variables]);
      return variables.map(({ name }) => grads[name]!.dataSync<'float32'>().slice());
    });
    const slopes = found.map(({ along }, i) => dot(gradients[i]!, along));
    const lengths = found.map(({ along }, i) => Math.sqrt(dot(gradients[i]!, gradients[i]!) * dot(along, along)));
    const least = 1e-3 * Math.max(...lengths);
    const differences = await onCpu(loss, () => found.map((each) => difference(loss, each)));
    slopes.forEach((slope, i) => {
      const [expected, { variable }] = [differences[i]!, found[i]!];
      if (Math.abs(slope - expected) <= tolerance * Math.max(lengths[i]!, least)) return;
      expect.fail(`${variable.name} [${variable.shape}]: slope ${slope}, by differences ${expected}`);
    });
  });
}

/** Numbers in `[-1, 1]`, without a pattern. */
function direction(size: number, seed: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Math.sin((i + 1) * (i + seed + 1.7)));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
}

interface Turned {
  readonly variable: tf.Variable;
  readonly along: Float64Array;
}

function difference(loss: () => tf.Scalar, { variable, along }: Turned): number {
  return tf.tidy(() => {
    const start = tf.clone(variable);
    const at = (distance: number) => {
      variable.assign(
        tf.add(
          start,
          tf.tensor(
            [...along].map((value) => value * distance),
            variable.shape,
          ),
        ),
      );
      return tf.tidy(() => loss().dataSync()[0]!);
    };
    const slope = (at(step) - at(-step)) / (2 * step);
    variable.assign(start);
    return slope;
  });
}

async function onCpu<T>(loss: () => tf.Scalar, body: () => T): Promise<T> {
  const before = tf.getBackend();
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  try {
    // Whatever it reads is brought here while numbers are still single.
    tf.tidy(() => void loss());
    return inDouble(body);
  } finally {
    await tf.setBackend(before);
  }
}

import { l2Normalize } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { cases } from './cases.ts';
import type { LossOracle } from './oracle.ts';

/** Value and gradients of one case by their names in the reference, next to what the reference says. */
export interface Evaluated {
  readonly name: string;
  readonly got: ArrayLike<number>;
  readonly expected: readonly number[];
}

type Arrays = readonly (number | readonly number[] | readonly (readonly number[])[])[];

/** Runs a loss of unit rows twice: from the raw rows through the normalisation, and from the unit rows. */
export function evaluate({ inputs, cases: expected }: LossOracle, name: string): Evaluated[] {
  const of = expected[name]!;
  const learned = Object.entries({ ...of.scalars, ...of.extra_inputs });
  const learnedGradients = { ...of.grad_scalars, ...of.grad_extra };
  const teacher = () =>
    ({ a: tensor(inputs.teacher_img), b: tensor(inputs.teacher_txt) }) as { a: tf.Tensor2D; b: tf.Tensor2D };
  const run = (rows: Arrays, prepare: (x: tf.Tensor2D) => tf.Tensor2D) =>
    valueAndGradients([...rows, ...learned.map(([, value]) => value)], ([a, b, ...rest]) =>
      cases[name]!(prepare(a as tf.Tensor2D), prepare(b as tf.Tensor2D), {
        learned: rest,
        labels: inputs.labels,
        teacher: teacher(),
      }),
    );
  const raw = run([inputs.img_raw, inputs.txt_raw], of.grad_img ? l2Normalize : (x) => x);
  const named = (role: string, got: ArrayLike<number>, values: Arrays[number]): Evaluated => ({
    name: `${name}: ${role}`,
    got,
    expected: [values].flat(2),
  });
  const results = [
    named('loss', [raw.value], of.loss),
    named('grad_img_raw', raw.gradients[0]!, of.grad_img_raw),
    named('grad_txt_raw', raw.gradients[1]!, of.grad_txt_raw),
    ...learned.map(([role], i) => named(`grad ${role}`, raw.gradients[i + 2]!, learnedGradients[role]!)),
  ];
  if (!of.grad_img) return results;
  const unit = run([inputs.img, inputs.txt], (x) => x);
  return [
    ...results,
    named('grad_img', unit.gradients[0]!, of.grad_img),
    named('grad_txt', unit.gradients[1]!, of.grad_txt!),
  ];
}

/** Value and gradients as host numbers; a gradient that does not exist is zero. */
function valueAndGradients(
  arrays: Arrays,
  f: (inputs: readonly tf.Tensor[]) => tf.Scalar,
): { readonly value: number; readonly gradients: readonly ArrayLike<number>[] } {
  return tf.tidy(() => {
    const inputs = arrays.map(tensor);
    // A gradient is asked of every input, used by the loss or not.
    const all = (given: readonly tf.Tensor[]) =>
      tf.addN<tf.Scalar>([f(given), ...given.map((x) => tf.mul<tf.Scalar>(tf.sum(x), 0))]);
    const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => all(given))(inputs);
    return { value: value.dataSync()[0]!, gradients: grads.map((gradient) => gradient.dataSync().slice()) };
  });
}

function tensor(values: Arrays[number]): tf.Tensor {
  return tf.tensor(values);
}

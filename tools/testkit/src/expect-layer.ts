import * as tf from '@tensorflow/tfjs-core';
import { expectClose } from './close.ts';
import { expectNoLeak } from './leaks.ts';
import { numbers, readTensors } from './tensors.ts';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A layer on arrays as the file stores them, by role, to its outputs as the file stores them. */
export type LayerForward = (inputs: Tensors) => Tensors;

export interface LayerOptions {
  /** Largest difference; default 1e-5. */
  readonly atol?: number;
  /** Default `oracles/layers.safetensors`. */
  readonly file?: string;
}

/**
 * Checks a layer against one golden case: every output that `forward` gives, and the gradient of `sum(y * cot)` with
 * respect to every input and weight that has one. Nothing may be left in memory. Gradients must be registered before.
 */
export async function expectLayer(name: string, forward: LayerForward, options: LayerOptions = {}): Promise<void> {
  const { atol = 1e-5, file = 'oracles/layers.safetensors' } = options;
  const tensors = await readTensors(file);
  const own = [...tensors.keys()].filter((key) => key.startsWith(`${name}/`)).map((key) => key.slice(name.length + 1));
  const values = (role: string) => numbers(tensors, `${name}/${role}`);
  const tensor = (role: string) => tf.tensor([...values(role)], [...tensors.get(`${name}/${role}`)!.shape]);
  const check = (role: string, got: tf.Tensor) => expectClose(got.dataSync(), values(role), atol);
  const withRole = (kinds: RegExp) => {
    const roles = own.filter((role) => kinds.test(role));
    return Object.fromEntries(roles.map((role) => [role.replace(kinds, ''), tensor(role)]));
  };

  await expectNoLeak(() => {
    tf.tidy(() => {
      const inputs = withRole(/^(in|w)\./);
      for (const [output, got] of Object.entries(forward(inputs))) check(`out.${output}`, got);
      if (!own.includes('cot')) return;
      const learned = Object.keys(inputs).filter((role) => own.includes(`grad.${role}`));
      const y = (...given: tf.Tensor[]) =>
        forward({ ...inputs, ...Object.fromEntries(learned.map((role, i) => [role, given[i]!])) })['y']!;
      const gradients = tf.grads(y)(
        learned.map((role) => inputs[role]!),
        tensor('cot'),
      );
      learned.forEach((role, i) => check(`grad.${role}`, gradients[i]!));
    });
  });
}

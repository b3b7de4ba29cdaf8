import { enableAutodiff } from '../src/index.ts';
import { expectClose, expectNoLeak, numbers, readTensors } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';

/** A layer on arrays as the file stores them, by role, to its outputs as the file stores them. */
export type LayerForward = (inputs: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Tensor>>;

/**
 * Checks a layer against one case of `oracles/layers.safetensors`: every output that `forward` gives, and the gradient
 * of `sum(y * cot)` with respect to every input and weight. Nothing may be left in memory.
 */
export async function expectLayer(name: string, forward: LayerForward, atol = 1e-5): Promise<void> {
  const tensors = await readTensors('oracles/layers.safetensors');
  const own = [...tensors.keys()].filter((key) => key.startsWith(`${name}/`)).map((key) => key.slice(name.length + 1));
  const tensor = (role: string) =>
    tf.tensor([...numbers(tensors, `${name}/${role}`)], [...tensors.get(`${name}/${role}`)!.shape]);
  const check = (what: string, got: tf.Tensor) =>
    expectClose(got.dataSync(), numbers(tensors, `${name}/${what}`), atol);
  const roles = own.filter((role) => role.startsWith('in.') || role.startsWith('w.'));
  const byRole = (values: readonly tf.Tensor[]) =>
    Object.fromEntries(roles.map((role, i) => [role.replace(/^(in|w)\./, ''), values[i]!]));

  await enableAutodiff();
  await expectNoLeak(() => {
    tf.tidy(() => {
      const inputs = roles.map(tensor);
      for (const [output, got] of Object.entries(forward(byRole(inputs)))) check(`out.${output}`, got);
      if (!own.includes('cot')) return;
      const gradients = tf.grads((...values) => forward(byRole(values))['y']!)(inputs, tensor('cot'));
      roles.forEach((role, i) => check(role.replace(/^(in|w)\./, 'grad.'), gradients[i]!));
    });
  });
}

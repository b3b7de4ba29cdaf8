import { useBackend } from '@diptych/backend-wasm';
import { causalMask, enableAutodiff, initializeModel, seededRandom, transformer, transformerSpec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { textConfig } from './clip-b32.ts';
import { interleave, median, processorClock, ratio } from './interleave.ts';

// One step, forward and backward, of one block of CLIP's text tower: 4 texts of 80 tokens.
const [n, length] = [4, 80];
const { width } = textConfig;
const config = { ...textConfig, layers: 1 };

// Loading it registers its own kernels, of which starting it replaces some.
await import('@tensorflow/tfjs-backend-wasm');
const stock = tf.getKernelsForBackend('wasm');
await useBackend('wasm', { threads: 1 });
const ours = tf.getKernelsForBackend('wasm');
await enableAutodiff();

const model = initializeModel({ blocks: transformerSpec(config) }, 1);
const random = seededRandom(2);
const x = tf.tensor3d(
  Float32Array.from({ length: n * length * width }, () => 2 * random() - 1),
  [n, length, width],
);
const target = tf.mul(x, 0.5);

const steps = [ours, stock].map((kernels) => () => {
  for (const { kernelName } of tf.getKernelsForBackend('wasm')) tf.unregisterKernel(kernelName, 'wasm');
  for (const kernel of kernels) tf.registerKernel(kernel);
  return gradients();
});
const results = [steps[0]!(), steps[1]!()];
let difference = 0;
for (const [name, values] of results[0]!) {
  values.forEach((value, i) => (difference = Math.max(difference, Math.abs(value - results[1]!.get(name)![i]!))));
}
const times = await interleave(steps, 7, processorClock);
const speed = ratio(times[0]!, times[1]!);
console.log(
  `step: ${median(times[0]!).toFixed(0)} ms, stock ${median(times[1]!).toFixed(0)} ms, ` +
    `${speed.median.toFixed(1)}x (${speed.low.toFixed(1)} to ${speed.high.toFixed(1)}), gradients differ by ${difference}`,
);

/** Of the mean squared error, by the name of the variable. */
function gradients(): Map<string, Float32Array> {
  const variables = [...model.variables];
  const { value, grads } = tf.variableGrads(
    () => {
      const y = transformer(config, model.params.blocks, x, { mask: causalMask(length) });
      return tf.mean<tf.Scalar>(tf.square(tf.sub(y, target)));
    },
    variables.map(([, variable]) => variable),
  );
  const found = new Map(variables.map(([path, { name }]) => [path, grads[name]!.dataSync<'float32'>()]));
  tf.dispose([value, grads]);
  return found;
}

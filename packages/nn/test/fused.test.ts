import { useBackend } from '@diptych/backend-wasm';
import { expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@diptych/core';
import { enableAutodiff } from '../src/autodiff.ts';
import {
  causalMask,
  gelu,
  initializeModel,
  layerNorm,
  layerNormSpec,
  quickGelu,
  transformer,
  type TransformerConfig,
  transformerSpec,
} from '../src/index.ts';

const config: TransformerConfig = {
  width: 12,
  layers: 2,
  heads: 3,
  mlpWidth: 20,
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
};
const shape: [number, number, number] = [2, 5, config.width];

function randomTensor(seed: number): tf.Tensor3D {
  const random = seededRandom(seed);
  return tf.tensor3d(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 2 * random() - 1),
    shape,
  );
}

/** Gradients of a loss on a backend, by the path of the parameter; the last is that of the mask. */
async function gradients(backend: 'cpu' | 'wasm', activation: string): Promise<ReadonlyMap<string, Float32Array>> {
  await useBackend(backend);
  using model = initializeModel({ blocks: transformerSpec({ ...config, activation }) }, 1);
  const start = causalMask(shape[1]);
  const mask = tf.variable(start);
  start.dispose();
  const variables = [...model.variables, ['mask', mask] as const];
  const { value, grads } = tf.variableGrads(() => {
    const y = transformer({ ...config, activation }, model.params.blocks, randomTensor(2), { mask });
    return tf.mean<tf.Scalar>(tf.square(y));
  });
  const found = new Map(variables.map(([path, { name }]) => [path, grads[name]!.dataSync<'float32'>()]));
  tf.dispose([value, grads]);
  mask.dispose();
  return found;
}

describe('fused kernels against plain operations', () => {
  beforeAll(enableAutodiff);

  it.each(['quick_gelu', 'gelu', 'gelu_pytorch_tanh', 'relu', 'hardswish', 'hardsigmoid'])(
    'gradients of blocks with %s',
    async (name) => {
      const [plain, fused] = [await gradients('cpu', name), await gradients('wasm', name)];
      expect([...fused.keys()]).toEqual([...plain.keys()]);
      for (const [path, values] of plain) expectClose(fused.get(path)!, values, 1e-6);
    },
  );

  it('the gradient of a gradient', async () => {
    using model = initializeModel({ norm: layerNormSpec(config.width) }, 1);
    const { norm } = model.params;
    const penalty = () => {
      const score = (x: tf.Tensor) => tf.sum<tf.Scalar>(quickGelu(gelu(layerNorm(norm, x, 1e-5))));
      const slope = tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.grad(score)(x))));
      return slope(randomTensor(3)).dataSync<'float32'>();
    };
    await useBackend('cpu');
    const plain = tf.tidy(penalty);
    await useBackend('wasm');
    expectClose(tf.tidy(penalty), plain, 1e-5);
  });

  it('a training step leaves nothing behind', () => expectNoLeak(() => gradients('wasm', 'gelu')));
});

import { initializeModel, l2Normalize, linear, linearSpec } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { cachedGradients, infoNce, infoNceSpec, lossGradients, type Named } from '../../src/index.ts';

beforeAll(enableAutodiff);

interface Chunk {
  readonly at: number;
  readonly count: number;
}

describeBackends('gradient caching', () => {
  it('equals the whole batch for ragged parts', async () => {
    await expectNoLeak(() => {
      using image = initializeModel(linearSpec(7, 4), 1);
      using text = initializeModel(linearSpec(5, 4), 2);
      using temperature = initializeModel(infoNceSpec(), 3);
      const both = new Map([...prefixed('image', image.variables), ...prefixed('text', text.variables)]);
      tf.tidy(() => {
        const [x, y] = [7, 5].map((width) => tf.randomNormal<tf.Rank.R2>([12, width], 0, 1, 'float32', width));
        const part = (rows: tf.Tensor2D, { at, count }: Chunk) => tf.slice2d(rows, [at, 0], [count, -1]);
        const encode = (chunk: Chunk) => [
          l2Normalize(linear(image.params, part(x!, chunk))),
          l2Normalize(linear(text.params, part(y!, chunk))),
        ];
        const loss = ([a, b]: readonly tf.Tensor2D[]) => infoNce(a!, b!, temperature.params.logScale);
        const all = new Map([...both, ...temperature.variables]);
        const whole = lossGradients(all, () => loss(encode({ at: 0, count: 12 })));
        const cached = cachedGradients({
          chunks: [
            { at: 0, count: 5 },
            { at: 5, count: 5 },
            { at: 10, count: 2 },
          ],
          encode,
          loss,
          encoder: both,
          objective: temperature.variables,
        });
        expectClose(cached.loss.dataSync(), whole.loss.dataSync(), 1e-6);
        expect([...cached.gradients.keys()].toSorted()).toEqual([...all.keys()].toSorted());
        for (const [name, gradient] of whole.gradients) {
          expectClose(cached.gradients.get(name)!.dataSync(), gradient.dataSync(), 1e-6);
        }
      });
    });
  });
});

function prefixed(prefix: string, variables: Named<tf.Variable>): [string, tf.Variable][] {
  return [...variables].map(([name, variable]) => [`${prefix}.${name}`, variable]);
}

import { initializeModel, l2Normalize } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectGradients, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  arcFace,
  infoNce,
  infoNceObjective,
  infoNceSpec,
  ntXent,
  type Pair,
  pairObjective,
  proxiesSpec,
  proxyObjective,
  siglip,
  siglipObjective,
  siglipSpec,
} from '../../src/index.ts';

beforeAll(enableAutodiff);

describeBackends('an objective', () => {
  const rows = (seed: number) => l2Normalize(tf.randomNormal<tf.Rank.R2>([4, 3], 0, 1, 'float32', seed));
  const value = (x: tf.Scalar) => x.dataSync()[0]!;

  it('owns what its loss learns', async () => {
    await expectNoLeak(() => {
      using clip = initializeModel(infoNceSpec(), 0);
      using sigmoid = initializeModel(siglipSpec(), 0);
      using classes = initializeModel(proxiesSpec(5, 3), 0);
      tf.tidy(() => {
        const pair: Pair = { a: rows(1), b: rows(2) };
        const first = infoNceObjective(clip.params);
        expect(first.variables).toHaveLength(1);
        expect(value(first.loss(pair))).toBeCloseTo(value(infoNce(pair.a, pair.b, Math.log(1 / 0.07))), 5);
        const second = siglipObjective(sigmoid.params);
        expect(second.variables).toHaveLength(2);
        expect(value(second.loss(pair))).toBeCloseTo(value(siglip(pair.a, pair.b, Math.log(10), -10)), 5);
        const third = proxyObjective(arcFace, classes.params);
        expect(third.variables.map(({ shape }) => shape)).toEqual([[5, 3]]);
      });
    });
  });

  it('has the gradient of what it learns', async () => {
    using model = initializeModel({ clip: infoNceSpec(), sigmoid: siglipSpec(), classes: proxiesSpec(5, 3) }, 0);
    const { clip, sigmoid, classes } = model.params;
    const [first, second] = [infoNceObjective(clip), siglipObjective(sigmoid)];
    const third = proxyObjective(arcFace, classes);
    await expectGradients(() => first.loss({ a: rows(1), b: rows(2) }), first.variables);
    await expectGradients(() => second.loss({ a: rows(1), b: rows(2) }), second.variables);
    await expectGradients(() => third.loss({ x: rows(1), labels: [0, 1, 4, 4] }), third.variables);
  });

  it('without parameters is the loss', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const pair: Pair = { a: rows(1), b: rows(2) };
        const objective = pairObjective(ntXent);
        expect(objective.variables).toEqual([]);
        expect(value(objective.loss(pair))).toBe(value(ntXent(pair.a, pair.b)));
      });
    });
  });
});

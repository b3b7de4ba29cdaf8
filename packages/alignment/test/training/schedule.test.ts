import { describeGolden } from '@diptych/golden';
import { describeBackends, describePrecisions, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  clampVariable,
  clipGradients,
  decaysWeight,
  globalNorm,
  movingAverage,
  stepDecay,
  warmupCosine,
} from '../../src/index.ts';
import { disposeAll, flat, trainingOracle, variablesFrom } from './oracle.ts';

describeGolden('schedules', () => {
  it('warm up, then follow half a cosine', async () => {
    const { base, warmup, total, lr_at: rates } = (await trainingOracle()).warmup_cosine;
    const schedule = warmupCosine(base, warmup, total);
    expectClose(
      Object.keys(rates).map((step) => schedule(Number(step))),
      Object.values(rates),
      1e-18,
    );
  });

  it('fall by steps', async () => {
    const { lr0, lr_update: every, lr_at_epoch: rates } = (await trainingOracle()).step_decay_vsepp;
    const schedule = stepDecay(lr0, every);
    expectClose(
      Object.keys(rates).map((epoch) => schedule(Number(epoch))),
      Object.values(rates),
      1e-18,
    );
  });
});

describeGolden('weight decay', () => {
  it('moves what open_clip lets it move', async () => {
    const { examples } = (await trainingOracle()).weight_decay_groups;
    const vectors = /class_embedding|bias|logit_scale|ln_final/;
    const shape = (name: string) => (vectors.test(name) ? [8] : [8, 8]);
    const got = Object.keys(examples).map((name) => [name, decaysWeight(name, shape(name))]);
    expect(Object.fromEntries(got)).toEqual(examples);
    expect(decaysWeight('blocks.0.norm1.weight', [8, 8])).toBe(false);
  });
});

describeGolden('gradients', () => {
  describePrecisions({ double: 1e-14, single: 1e-5 }, (run, tolerance) => {
    it.each([2, 0.5])('are shortened together to %d', async (maxNorm) => {
      const oracle = await trainingOracle();
      const expected = oracle[maxNorm === 2 ? 'clip_grad_norm_2.0' : 'clip_grad_norm_0.5'];
      await expectNoLeak(() => {
        const [norm, first, second] = run(() =>
          tf.tidy(() => {
            const gradients = new Map([
              ['g1', tf.tensor(flat(expected.g1), [2, 3])],
              ['g2', tf.tensor(flat(expected.g2))],
            ]);
            const length = globalNorm(gradients);
            return [length, ...clipGradients(gradients, length, maxNorm).values()].map((t) => [...t.dataSync()]);
          }),
        );
        expectClose(norm!, [expected.total_norm], tolerance);
        expectClose(first!, flat(expected.clipped_g1), tolerance);
        expectClose(second!, flat(expected.clipped_g2), tolerance);
      });
    });
  });
});

describeGolden('moving averages', () => {
  describePrecisions({ double: 1e-15, single: 1e-6 }, (run, tolerance) => {
    it('follow the trace', async () => {
      const { decay, init, updates, trace } = (await trainingOracle()).ema;
      await expectNoLeak(() => {
        const got = run(() => {
          const variables = variablesFrom({ w: init });
          using average = movingAverage(variables, { decay });
          const values = updates.map((update) => {
            tf.tidy(() => variables.get('w')!.assign(tf.tensor([...update])));
            average.update();
            return [...average.averages.get('w')!.dataSync()];
          });
          disposeAll(variables);
          return values;
        });
        expectClose(got.flat(), flat(trace), tolerance);
      });
    });
  });
});

describeBackends('moving averages', () => {
  it('start fast with a ramp, and take the place of the variables and give it back', async () => {
    await expectNoLeak(() => {
      const variables = variablesFrom({ w: [1, 2] });
      const w = variables.get('w')!;
      using average = movingAverage(variables, { ramp: true });
      tf.tidy(() => w.assign(tf.tensor1d([11, 12])));
      average.update();
      average.swap();
      expectClose(w.dataSync(), [10, 11], 1e-5);
      average.swap();
      expect(w.dataSync()).toEqual(Float32Array.of(11, 12));
      disposeAll(variables);
    });
  });

  it('and a temperature stays in range', async () => {
    await expectNoLeak(() => {
      const variables = variablesFrom({ logScale: [-1, 2, 9] });
      clampVariable(variables.get('logScale')!, 0, Math.log(100));
      expectClose(variables.get('logScale')!.dataSync(), [0, 2, Math.log(100)], 1e-6);
      disposeAll(variables);
    });
  });
});

import { describeGolden } from '@diptych/golden';
import { describeBackends, describePrecisions, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { adagrad, adam, adamW, optimizer, sgd, type UpdateRule } from '../../src/index.ts';
import { disposeAll, flat, trainingOracle, variablesFrom } from './oracle.ts';

const rules: Readonly<Record<string, readonly [rule: UpdateRule, learningRate: number]>> = {
  'adam lr=2e-4 betas=.9,.999 eps=1e-8 (VSE++)': [adam(), 2e-4],
  'adamw lr=1e-3 betas=.9,.98 eps=1e-6 wd=.2 (CLIP)': [
    adamW({ betas: [0.9, 0.98], epsilon: 1e-6, weightDecay: 0.2 }),
    1e-3,
  ],
  'adam lr=1e-3 coupled L2 wd=.1': [adam({ weightDecay: 0.1 }), 1e-3],
  'sgd lr=.1 momentum=.9 nesterov wd=1e-4': [sgd({ momentum: 0.9, nesterov: true, weightDecay: 1e-4 }), 0.1],
  'adagrad lr=.01 eps=1e-10': [adagrad(), 0.01],
};

describeGolden('optimisers', () => {
  describePrecisions({ double: 1e-14, single: 1e-6 }, (run, tolerance) => {
    it.each(Object.keys(rules))('follow the trace of PyTorch: %s', async (name) => {
      const { p0, grads, traces } = (await trainingOracle()).optimizers;
      const [rule, learningRate] = rules[name]!;
      await expectNoLeak(() => {
        const trace = run(() => {
          const variables = variablesFrom({ p: p0 });
          using optimiser = optimizer(variables, rule, { decays: () => true });
          const values = grads.map((gradient) => {
            tf.tidy(() => optimiser.step(new Map([['p', tf.tensor([...gradient])]]), learningRate));
            return [...variables.get('p')!.dataSync()];
          });
          disposeAll(variables);
          return values;
        });
        expectClose(trace.flat(), flat(traces[name]!), tolerance);
      });
    });
  });
});

describeBackends('an optimiser', () => {
  const steps = (optimiser: ReturnType<typeof optimizer>, count: number) => {
    for (let i = 0; i < count; i++) {
      tf.tidy(() => optimiser.step(new Map([['w', tf.tensor2d([[0.3, -0.2 * i]])]]), 0.01));
    }
  };

  it('continues bit for bit from a snapshot', async () => {
    await expectNoLeak(() => {
      const [first, second] = [variablesFrom({ w: [[1, 2]] }), variablesFrom({ w: [[5, 5]] })];
      using one = optimizer(first, adamW());
      using two = optimizer(second, adamW());
      steps(one, 3);
      const state = structuredClone(one.snapshot());
      two.restore(state);
      second.get('w')!.assign(first.get('w')!);
      steps(one, 2);
      steps(two, 2);
      expect(second.get('w')!.dataSync()).toEqual(first.get('w')!.dataSync());
      [first, second].forEach(disposeAll);
    });
  });

  it('refuses the state of another, and to work after its end', async () => {
    await expectNoLeak(() => {
      const variables = variablesFrom({ w: [[1, 2]] });
      const optimiser = optimizer(variables, adam());
      using other = optimizer(variables, sgd({ momentum: 0.9 }));
      const mismatch = expect.objectContaining({ code: 'CHECKPOINT_MISMATCH' });
      expect(() => optimiser.restore(other.snapshot())).toThrow(mismatch);
      optimiser[Symbol.dispose]();
      expect(() => steps(optimiser, 1)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
      disposeAll(variables);
    });
  });

  it('leaves alone what does not train and what has no gradient', async () => {
    await expectNoLeak(() => {
      const variables = variablesFrom({ w: [[1, 2]], other: [3], frozen: [4] });
      variables.get('frozen')!.trainable = false;
      using optimiser = optimizer(variables, sgd());
      expect([...optimiser.variables.keys()]).toEqual(['w', 'other']);
      steps(optimiser, 1);
      expectClose(variables.get('w')!.dataSync(), [0.997, 2], 1e-6);
      expect(variables.get('other')!.dataSync()).toEqual(Float32Array.of(3));
      disposeAll(variables);
    });
  });
});

import { initializeModel, l2Normalize, linear, linearSpec } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak, piecesUntilAbort } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  adamW,
  type BatchGradients,
  cachedGradients,
  infoNce,
  optimizer,
  sgd,
  train,
  type TrainingRecord,
  type TrainLoop,
  warmupCosine,
} from '../../src/index.ts';

beforeAll(enableAutodiff);

const steps = 30;
const batches = Array.from({ length: steps }, (_, i) => i % 2);

describeBackends('training', () => {
  function run(more: Partial<TrainLoop<number>> = {}) {
    const model = initializeModel(linearSpec(6, 4), 1);
    const optimiser = optimizer(model.variables, adamW());
    const rows = (seed: number) => tf.randomNormal<tf.Rank.R2>([16, 6], 0, 1, 'float32', seed);
    const records = train<number>({
      optimizer: optimiser,
      batches,
      loss: (seed) =>
        infoNce(
          l2Normalize(linear(model.params, rows(seed + 1))),
          l2Normalize(tf.slice2d(rows(seed + 1), [0, 0], [-1, 4])),
          2,
        ),
      schedule: warmupCosine(0.05, 3, steps),
      ...more,
    });
    const dispose = () => {
      model[Symbol.dispose]();
      optimiser[Symbol.dispose]();
    };
    return { records, dispose, model, optimiser };
  }

  it('gives a record for each batch, and the loss falls', async () => {
    await expectNoLeak(async () => {
      const { records, dispose } = run({ clipNorm: 1 });
      const all: TrainingRecord[] = [];
      for await (const record of records) all.push(record);
      expect(all.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i));
      expect(all[0]!.learningRate).toBeCloseTo(0.05 / 3, 10);
      expect(all.at(-1)!.loss).toBeLessThan(all[0]!.loss / 2);
      expect(all.every(({ gradientNorm }) => gradientNorm > 0)).toBe(true);
      dispose();
    });
  });

  it('is the same every time, and when it is continued', async () => {
    await expectNoLeak(async () => {
      const [whole, again] = [run(), run()];
      for (const { records } of [whole, again]) for await (const { step } of records) if (step === 19) break;
      const half = run({ batches: batches.slice(0, 10) });
      for await (const _ of half.records);
      const rest = run({ batches: batches.slice(10, 20), firstStep: 10 });
      rest.model.variables.forEach((variable, name) => variable.assign(half.model.variables.get(name)!));
      rest.optimiser.restore(structuredClone(half.optimiser.snapshot()));
      for await (const _ of rest.records);
      const [weights, ...others] = [whole, again, rest].map(({ model }) => model.variables.get('weight')!.dataSync());
      for (const other of others) expect(other).toEqual(weights);
      [whole, again, half, rest].forEach(({ dispose }) => dispose());
    });
  });

  it('takes gradients that are computed in parts', async () => {
    await expectNoLeak(async () => {
      const weightsAfter = async (gradients: 'whole' | 'cached') => {
        using model = initializeModel({ image: linearSpec(6, 4), text: linearSpec(6, 4) }, 1);
        using rule = optimizer(model.variables, sgd());
        const { image, text } = model.params;
        const rows = (seed: number) => tf.randomNormal<tf.Rank.R2>([12, 6], 0, 1, 'float32', seed + 1);
        const encode = (x: tf.Tensor2D) => [image, text].map((params) => l2Normalize(linear(params, x)));
        const loss = ([a, b]: readonly tf.Tensor2D[]) => infoNce(a!, b!, 1);
        const parts = (x: tf.Tensor2D) => [0, 4, 8].map((at) => tf.slice2d(x, [at, 0], [4, -1]));
        const from: BatchGradients<number> =
          gradients === 'whole'
            ? { loss: (seed) => loss(encode(rows(seed))) }
            : { gradients: (encoder, seed) => cachedGradients({ chunks: parts(rows(seed)), encode, loss, encoder }) };
        for await (const _ of train({ optimizer: rule, batches, schedule: () => 0.1, ...from }));
        return model.variables.get('image.weight')!.dataSync().slice();
      };
      expectClose(await weightsAfter('cached'), await weightsAfter('whole'), 1e-6);
    });
  });

  it('lets timers run between steps', async () => {
    const pieces = await piecesUntilAbort(async (signal, piece) => {
      const { records, dispose } = run({ signal, afterStep: piece });
      try {
        for await (const _ of records);
      } finally {
        dispose();
      }
    });
    expect(pieces).toBeLessThan(5);
  });

  it('stops with the reason of its signal', async () => {
    await expectNoLeak(async () => {
      const controller = new AbortController();
      const { records, dispose } = run({ signal: controller.signal, afterStep: () => controller.abort('enough') });
      await expect(records.next()).resolves.toMatchObject({ done: false });
      await expect(records.next()).rejects.toBe('enough');
      dispose();
    });
  });
});

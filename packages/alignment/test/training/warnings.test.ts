import { initializeModel, linear, linearSpec } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { type EpochRecord, fit, type FitLoop, historyOf, optimizer, sgd, vsepp } from '../../src/index.ts';
import { bytesOf, opened, smallRun } from './small-run.ts';

beforeAll(enableAutodiff);

const rows = (seed: number) => tf.randomNormal<tf.Rank.R2>([16, 8], 0, 1, 'float32', seed);

async function problemsOf(records: AsyncIterable<EpochRecord>): Promise<(readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for await (const { warnings = [] } of records) found.push(warnings.map(({ problem }) => problem));
  return found;
}

/** The third epoch of one layer, each of one step, with `loss` of its outputs. */
async function third(
  loss: (outputs: tf.Tensor2D) => tf.Scalar,
  inspect?: FitLoop<number>['inspect'],
): Promise<EpochRecord> {
  using model = initializeModel(linearSpec(8, 4), 1);
  using rule = optimizer(model.variables, sgd());
  const records = fit<number>({
    variables: model.variables,
    optimizer: rule,
    epochs: 3,
    batches: () => [1],
    loss: (seed) => loss(linear(model.params, rows(seed))),
    schedule: () => 0.01,
    inspect,
  });
  const told: EpochRecord[] = [];
  for await (const record of records) told.push(record);
  expect(told.slice(0, 2).map(({ warnings }) => warnings)).toEqual([undefined, undefined]);
  return told[2]!;
}

describeBackends('fit', () => {
  it('says nothing of a run that learns', async () => {
    await expectNoLeak(async () => {
      const inspect = () => ({ collapsedLoss: tf.scalar(Math.log(16)), rows: [rows(1), rows(2)] });
      const { records, dispose } = smallRun({ inspect });
      expect(await problemsOf(records)).toEqual([[], [], [], []]);
      dispose();
    });
  });

  it('says that a loss is that of equal rows, that rows lost their rank, and what helps', async () => {
    await expectNoLeak(async () => {
      // Nearly equal rows of length 1: the hinge of every hardest negative is the margin.
      const equal = (outputs: tf.Tensor2D) => tf.add<tf.Tensor2D>(tf.mul(outputs, 1e-4), 0.5);
      const { warnings, loss } = await third(
        (outputs) => vsepp(equal(outputs), equal(outputs)),
        () => ({ collapsedLoss: vsepp(tf.ones([16, 4]), tf.ones([16, 4])), rows: [rows(1), equal(rows(2))] }),
      );
      expect(loss).toBeCloseTo(2 * 16 * 0.2, 1);
      expect(warnings!.map(({ problem }) => problem)).toEqual(['collapsed-loss', 'lost-rank']);
      expect(warnings![0]!.message).toMatch(/^the loss is 6\.4\d\d, and 6\.400 if all rows are equal; begin with more/);
      expect(warnings![1]!.message).toMatch(/^rows have rank 1\.00: they point in one direction; /);
    });
  });

  it('says that there is no gradient, without being asked to look', async () => {
    await expectNoLeak(async () => {
      const { warnings } = await third((outputs) => tf.add(tf.mul(tf.sum<tf.Scalar>(outputs), 0), 3));
      expect(warnings!.map(({ problem }) => problem)).toEqual(['vanished-gradient']);
      expect((await third((outputs) => tf.mul(tf.sum<tf.Scalar>(outputs), 0))).warnings).toBeUndefined();
    });
  });

  it('says the same of a run that goes on, and keeps it in its history', async () => {
    await expectNoLeak(async () => {
      const states: Uint8Array<ArrayBuffer>[] = [];
      const inspect = (batch: number) => ({ rows: [batch < 30 ? tf.ones<tf.Rank.R2>([4, 4]) : rows(1)] });
      const first = smallRun({ inspect, saveEvery: 1, save: async (state) => void states.push(bytesOf(state)) });
      const told = await problemsOf(first.records);
      first.dispose();
      expect(told).toEqual([[], [], ['lost-rank'], []]);
      for (const state of states) {
        const from = await opened(state);
        const rest = smallRun({ inspect, from });
        const before = historyOf(from).map(({ warnings = [] }) => warnings.map(({ problem }) => problem));
        expect([...before, ...(await problemsOf(rest.records))]).toEqual(told);
        rest.dispose();
      }
    });
  });
});

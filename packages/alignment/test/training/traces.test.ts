import { describeGolden } from '@diptych/golden';
import { gatherRows, gru, l2Normalize, linear, maskedMean, recurrent } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describePrecisions, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, it } from 'vitest';
import {
  adam,
  adamW,
  clampVariable,
  dannWeight,
  infoNce,
  lossGradients,
  modalityLoss,
  type Named,
  optimizer,
  reverseGradient,
  sgd,
  trainStep,
  type UpdateRule,
  vsepp,
  warmupCosine,
} from '../../src/index.ts';
import { type Arrays, disposeAll, flat, trainingOracle, variablesFrom } from './oracle.ts';

type Params = (name: string) => tf.Tensor2D;

interface Training {
  readonly init: Arrays;
  readonly final: Arrays;
  readonly rule: UpdateRule;
  readonly steps: number;
  readonly learningRate: (step: number) => number;
  readonly clipNorm?: number;
  readonly loss: (params: Params, step: number) => tf.Scalar;
  readonly afterStep?: (variables: Named<tf.Variable>) => void;
}

/** Runs a training and holds its end, and `[loss, gradient norm]` of every step where they are known. */
function expectTrace(training: Training, tolerance: number, trace?: readonly (readonly number[])[]): void {
  const { init, final, rule, steps, learningRate, clipNorm, loss, afterStep } = training;
  const variables = variablesFrom(init);
  using optimiser = optimizer(variables, rule);
  const params: Params = (name) => variables.get(name)! as tf.Tensor as tf.Tensor2D;
  const records = Array.from({ length: steps }, (_, step) => {
    const options = { learningRate: learningRate(step), ...(clipNorm && { clipNorm }) };
    const done = trainStep(optimiser, (all) => lossGradients(all, () => loss(params, step)), options);
    afterStep?.(variables);
    return [done.loss, done.gradientNorm];
  });
  if (trace)
    expectClose(
      records.flat(),
      trace.flatMap((row) => row.slice(0, 2)),
      tolerance,
    );
  for (const [name, values] of Object.entries(final)) {
    expectClose(variables.get(name)!.dataSync(), flat(values), tolerance);
  }
  disposeAll(variables);
}

/** A linear layer whose weight has PyTorch's layout. */
const torchLinear = (x: tf.Tensor2D, weight: tf.Tensor2D, bias?: tf.Tensor) =>
  linear({ weight: tf.transpose(weight), ...(bias && { bias: bias as tf.Tensor1D }) }, x);

beforeAll(enableAutodiff);

describeGolden('training', () => {
  describePrecisions({ double: 1e-12, single: 1e-5 }, (run, tolerance) => {
    it('follows 40 steps of CLIP with AdamW, warm-up, clipping and a clamped temperature', async () => {
      const trace = (await trainingOracle()).train_trace_clip_adamw;
      const ids = Int32Array.from(flat(trace.ids));
      const text = (p: Params) => {
        const tokens = tf.reshape<tf.Rank.R3>(gatherRows(p('txt.embed'), ids), [8, 4, 5]);
        return torchLinear(maskedMean(tokens, tf.tensor2d(flat(trace.mask), [8, 4])), p('txt.proj'));
      };
      const training: Training = {
        ...trace,
        rule: adamW({ betas: [0.9, 0.98], epsilon: 1e-6, weightDecay: 0.2 }),
        steps: 40,
        learningRate: warmupCosine(5e-2, 5, 40),
        clipNorm: 1,
        loss: (p) => {
          const image = torchLinear(tf.tensor2d(flat(trace.img), [8, 6]), p('img.weight'), p('img.bias'));
          return infoNce(l2Normalize(image), l2Normalize(text(p)), p('logit_scale'));
        },
        afterStep: (variables) => clampVariable(variables.get('logit_scale')!, 0, Math.log(100)),
      };
      await expectNoLeak(() => run(() => expectTrace(training, tolerance, trace.loss_gradnorm_lr)));
    });

    it('follows 40 steps of VSE++ with a GRU, Adam and clipping', async () => {
      const trace = (await trainingOracle()).train_trace_vsepp;
      const ids = Int32Array.from(flat(trace.ids));
      const mask = trace.lengths.flatMap((length) => [0, 1, 2, 3, 4].map((i) => (i < length ? 1 : 0)));
      const text = (p: Params) => {
        const part = (name: string) => ({
          weight: tf.transpose(p(`txt_enc.rnn.weight_${name}_l0`)),
          bias: p(`txt_enc.rnn.bias_${name}_l0`) as tf.Tensor as tf.Tensor1D,
        });
        const words = tf.reshape<tf.Rank.R3>(gatherRows(p('txt_enc.embed.weight'), ids), [6, 5, 4]);
        const layers = [{ forward: { input: part('ih'), hidden: part('hh') } }];
        return recurrent(gru, layers, words, tf.tensor2d(mask, [6, 5])).states[0]![0]!;
      };
      const training: Training = {
        ...trace,
        rule: adam(),
        steps: 40,
        learningRate: () => 1e-2,
        clipNorm: 2,
        loss: (p) => {
          const features = tf.tensor2d(flat(trace.img_features_unit), [6, 7]);
          const image = torchLinear(features, p('img_enc.fc.weight'), p('img_enc.fc.bias'));
          return vsepp(l2Normalize(image), l2Normalize(text(p)));
        },
      };
      await expectNoLeak(() => run(() => expectTrace(training, tolerance, trace.loss_gradnorm)));
    });

    it('follows 20 steps against a discriminator', async () => {
      const trace = (await trainingOracle()).train_trace_adversarial;
      const losses: number[][] = [];
      const training: Training = {
        ...trace,
        rule: sgd(),
        steps: 20,
        learningRate: () => 0.1,
        loss: (p, step) => {
          const a = torchLinear(tf.tensor2d(flat(trace.x), [8, 4]), p('wx'));
          const b = torchLinear(tf.tensor2d(flat(trace.y), [8, 4]), p('wy'));
          const pulled = tf.mean<tf.Scalar>(tf.sum(tf.squaredDifference(a, b), -1));
          const weight = dannWeight(step / 20);
          const guess = (rows: tf.Tensor2D) => torchLinear(reverseGradient(rows, weight), p('d.w'), p('d.b'));
          const guessed = modalityLoss(a, b, guess);
          losses.push([pulled.dataSync()[0]!, guessed.dataSync()[0]!, weight]);
          return tf.add(pulled, guessed);
        },
      };
      await expectNoLeak(() => run(() => expectTrace(training, tolerance)));
      expectClose(losses.flat(), flat(trace.pair_adv_lambda), tolerance);
    });
  });
});

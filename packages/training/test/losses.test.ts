import * as alignment from '@diptych/alignment';
import { configReader, type Json } from '@diptych/core';
import { describeGolden, goldenJson } from '@diptych/golden';
import { initializeModel } from '@diptych/nn';
import { describeBackends } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type LossPlan, lossOf, lossSpec } from '../src/losses/loss-plan.ts';
import { losses } from '../src/losses/losses.ts';

type Rows = readonly (readonly number[])[];

interface Oracle {
  readonly inputs: { readonly img: Rows; readonly txt: Rows; readonly labels: readonly number[] };
  readonly cases: Readonly<
    Record<string, { readonly loss: number; readonly extra_inputs?: Readonly<Record<string, Rows>> }>
  >;
}

function planOf(json: Json): LossPlan {
  const reader = configReader(json, 'loss');
  return reader.choice('kind', losses)(reader);
}

/** The loss that a configuration says, of these rows; `proxies` are given the values of its own array. */
function valueOf(
  json: Json,
  rows: readonly [Rows, Rows],
  labels: readonly number[],
  { proxies, progress = 1 }: { proxies?: Rows; progress?: number } = {},
): number {
  const plan = planOf(json);
  const classes = Math.max(...labels) + 1;
  using model = initializeModel(lossSpec(plan, { dim: rows[0][0]!.length, classes }), 1);
  if (proxies) model.variables.get('loss.proxies')!.assign(tf.tensor2d(proxies.map((row) => [...row])));
  return tf.tidy(() => {
    const [a, b] = rows.map((some) => tf.tensor2d(some.map((row) => [...row])));
    return lossOf(plan, model)({ rows: [a!, b!], labels, progress }).dataSync()[0]!;
  });
}

describeGolden('a loss by its name', () => {
  describeBackends('as its configuration says', () => {
    it.each<[Json, string]>([
      [{ kind: 'vse0' }, 'vse0_sum_of_hinges'],
      [{ kind: 'vsepp' }, 'vsepp_max_of_hinges'],
      [{ kind: 'infoNce' }, 'clip_infonce'],
      [{ kind: 'siglip' }, 'siglip_sigmoid'],
      [{ kind: 'multiPositive' }, 'clip_multi_positive_softtarget'],
      [{ kind: 'supCon' }, 'supcon_out'],
    ])('%j gives the value of PyTorch', async (json, name) => {
      const { inputs, cases } = await goldenJson<Oracle>('oracles/losses.json');
      // Rows of one label are no negatives of the ranking losses, whose reference knows none.
      const labels = name.startsWith('vse') ? inputs.labels.map((_, i) => i) : inputs.labels;
      expect(valueOf(json, [inputs.img, inputs.txt], labels)).toBeCloseTo(cases[name]!.loss, 4);
    });

    it.each<[Json, string]>([
      [{ kind: 'proxyNca' }, 'proxy_nca'],
      [{ kind: 'arcFace', scale: 64 }, 'arcface'],
    ])('%j of the same rows twice gives the value of PyTorch, a mean over rows', async (json, name) => {
      const { inputs, cases } = await goldenJson<Oracle>('oracles/losses.json');
      const { loss, extra_inputs } = cases[name]!;
      const [proxies] = Object.values(extra_inputs!);
      expect(valueOf(json, [inputs.img, inputs.img], inputs.labels, { proxies })).toBeCloseTo(loss, 3);
    });

    it.each<[Json, (a: tf.Tensor2D, b: tf.Tensor2D, labels: readonly number[]) => tf.Scalar]>([
      [{ kind: 'circle', margin: 0.25 }, (a, b, labels) => alignment.circle(a, b, labels, { margin: 0.25 })],
      [{ kind: 'multiSimilarity', beta: 40 }, (a, b, labels) => alignment.multiSimilarity(a, b, labels, { beta: 40 })],
      [{ kind: 'batchSemiHardTriplet' }, (a, b, labels) => alignment.batchSemiHardTriplet(a, b, { labels })],
      [
        { kind: 'batchAllTriplet', margin: 0.2 },
        (a, b, labels) => alignment.batchAllTriplet(a, b, { labels, margin: 0.2 }),
      ],
      [{ kind: 'batchHardTriplet' }, (a, b, labels) => alignment.batchHardTriplet(a, b, { labels })],
    ])('%j is the mean of both directions', async (json, loss) => {
      const { inputs } = await goldenJson<Oracle>('oracles/losses.json');
      const { img, txt, labels } = inputs;
      const expected = tf.tidy(() => {
        const [a, b] = [img, txt].map((some) => tf.tensor2d(some.map((row) => [...row])));
        return [loss(a!, b!, labels), loss(b!, a!, labels)].map((value) => value.dataSync()[0]!);
      });
      expect(valueOf(json, [img, txt], labels)).toBeCloseTo((expected[0]! + expected[1]!) / 2, 4);
    });

    it.each([
      [0, 2],
      [0.3, 3],
      [1, 6],
    ])('batchHardTriplet at %d of a run is the mean over groups of %d', async (progress, size) => {
      const { inputs } = await goldenJson<Oracle>('oracles/losses.json');
      const { img, txt } = inputs;
      const labels = img.map((_, i) => i);
      const valueAt = (rows: readonly [Rows, Rows], at: number) =>
        valueOf({ kind: 'batchHardTriplet' }, rows, labels.slice(0, rows[0].length), { progress: at });
      const groups = Array.from({ length: img.length / size }, (_, i) => {
        const [from, end] = [i * size, (i + 1) * size];
        return valueAt([img.slice(from, end), txt.slice(from, end)], 1);
      });
      const mean = groups.reduce((a, b) => a + b, 0) / groups.length;
      expect(valueAt([img, txt], progress)).toBeCloseTo(mean, 5);
    });
  });
});

it('says which losses need labels', () => {
  const needy = Object.keys(losses).filter((kind) => planOf({ kind }).needsLabels);
  expect(needy).toEqual(['multiPositive', 'supCon', 'circle', 'multiSimilarity', 'proxyAnchor', 'proxyNca', 'arcFace']);
});

it('refuses a field of another loss, and nested lengths where proxies have one', () => {
  expect(() => planOf({ kind: 'supCon', margin: 1 })).toThrow('loss: margin: expected one of the fields kind, temp');
  expect(() => planOf({ kind: 'proxyNca', matryoshka: [2] })).toThrow('loss: matryoshka: expected one of the fields');
});

it.each<Json>([
  { kind: 'arcFace', scale: 0 },
  { kind: 'proxyNca', scale: -1 },
  { kind: 'infoNce', scale: 0 },
  { kind: 'siglip', scale: -10 },
  { kind: 'multiPositive', scale: 0 },
  { kind: 'supCon', temperature: 0 },
  { kind: 'circle', gamma: 0 },
  { kind: 'proxyAnchor', alpha: 0 },
  { kind: 'multiSimilarity', beta: 0 },
])('%j is refused: every score would be equal, or turned round', (json) => {
  const [, field] = Object.keys(json);
  expect(() => planOf(json)).toThrow(`loss: ${field}: expected a number above 0, got ${String(json[field!])}`);
});

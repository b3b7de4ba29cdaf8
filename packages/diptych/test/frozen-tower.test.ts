import { adam, fit, infoNceObjective, infoNceSpec, optimizer } from '@diptych/alignment';
import type { TextBatch } from '@diptych/core';
import { smallCnn, smallCnnSpec } from '@diptych/image-encoder';
import { initializeModel, l2Normalize } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { embeddingBag, embeddingBagSpec } from '@diptych/text-encoder';
import { describeBackends, expectNoLeak, imageBatch } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';

beforeAll(enableAutodiff);

const n = 8;
const text = { vocabSize: 12, dim: 6, pooling: 'mean' } as const;
const image = { widths: [4], dim: 6 };

/** Batch `i`: as many texts of three words as pictures. */
function batchOf(i: number) {
  const ids = Int32Array.from({ length: 3 * n }, (_, at) => (5 * at + 7 * i + at * at) % text.vocabSize);
  const texts: TextBatch = { ids, mask: new Int32Array(ids.length).fill(1), shape: [n, 3] };
  const data = Float32Array.from({ length: n * 3 * 8 * 8 }, (_, at) => Math.sin(0.37 * at * (1 + i)));
  return { texts, images: imageBatch({ shape: [n, 3, 8, 8], data }) };
}

const batches = [0, 1, 2].map(batchOf);

describeBackends('a text tower beside a frozen image tower', () => {
  /** The text tower after three epochs, and whether the image tower moved. */
  async function locked(cached: boolean) {
    using frozen = initializeModel(smallCnnSpec(image), 1);
    using trained = initializeModel({ text: embeddingBagSpec(text), objective: infoNceSpec() }, 2);
    const before = [...frozen.variables.values()].map((variable) => variable.dataSync().slice());
    const imageTower = smallCnn(image, frozen.params);
    const textTower = embeddingBag(text, trained.params.text);
    const rows = batches.map((batch) => tf.tidy(() => imageTower.forward(batch.images).dataSync<'float32'>().slice()));
    using rule = optimizer(trained.variables, adam());
    const run = fit<number>({
      variables: trained.variables,
      optimizer: rule,
      epochs: 3,
      batches: () => [0, 1, 2],
      loss: (i) => {
        const features = cached ? tf.tensor2d(rows[i]!, [n, 6]) : imageTower.forward(batches[i]!.images);
        const [a, b] = [l2Normalize(features), l2Normalize(textTower.forward(batches[i]!.texts))];
        return infoNceObjective(trained.params.objective).loss({ a, b });
      },
      schedule: () => 0.05,
    });
    const losses: number[] = [];
    for await (const { loss } of run) losses.push(loss);
    const after = [...frozen.variables.values()].map((variable) => variable.dataSync().slice());
    const weights = trained.variables.get('text.tokens')!.dataSync().slice();
    return { losses, weights, moved: after.some((values, i) => !sameBits(values, before[i]!)) };
  }

  it('learns, moves the image tower by nothing, and the same from cached features', async () => {
    await expectNoLeak(async () => {
      const [whole, cached] = [await locked(false), await locked(true)];
      expect(whole.losses[2]).toBeLessThan(0.8 * whole.losses[0]!);
      expect([whole.moved, cached.moved]).toEqual([false, false]);
      expect(cached).toEqual(whole);
    });
  });
});

function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return Array.from(a).every((value, i) => Object.is(value, b[i]));
}

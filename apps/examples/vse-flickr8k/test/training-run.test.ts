import { captionMetrics } from '@diptych/evaluation';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { useBackend } from '@diptych/backend-wasm';
import { expectNoLeak } from '@diptych/testkit';
import { beforeAll, expect, it } from 'vitest';
import { fallingNegatives } from '@diptych/alignment';
import { recipe } from '../src/recipe.ts';
import { trainingRun, type TrainingRunOptions } from '../src/training-run.ts';
import { variants } from '../src/variants.ts';
import { smallParts } from './small-parts.ts';

const parts = smallParts();

beforeAll(async () => {
  await useBackend('wasm');
  await enableAutodiff();
});

it('repeats bit for bit, and leaves no tensor', async () => {
  const run = (seed: number) => expectNoLeak(() => trainingRun(parts, { ...quick('VSE++ adversarial', 2), seed }));
  const one = await run(7);
  expect(await run(7)).toEqual(one);
  expect((await run(8)).epochs).not.toEqual(one.epochs);
});

it.each(Object.keys(variants))('learns with %s', async (name) => {
  const { epochs, ranks } = await trainingRun(parts, { ...quick(name, 5), seed: 1 });
  expect(epochs.at(-1)!.loss).toBeLessThan(0.8 * epochs[0]!.loss);
  // By chance, one photo in six.
  expect(captionMetrics(ranks)['text_retrieval_recall@10']).toBeGreaterThan(0.5);
});

it('goes from all negatives to the hardest, and stays there', () => {
  const counts = [0, 0.25, 0.5, 0.75, 0.95].map((progress) => fallingNegatives(progress, 512));
  expect(counts).toEqual([511, 64, 8, 1, 1]);
});

/** A run that is small enough for a test. */
function quick(name: string, epochs: number): Pick<TrainingRunOptions, 'method' | 'recipe'> {
  const small = { dim: 16, epochs, batchSize: 32, learningRate: 1e-2, weightDecay: 0 };
  return { method: variants[name]!, recipe: { ...recipe, ...small } };
}

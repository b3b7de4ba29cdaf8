import { project } from '@diptych/alignment';
import { captionMetrics, cosineScores, type Rows } from '@diptych/evaluation';
import { enableAutodiff, initializeModel } from '@diptych/nn';
import { useBackend } from '@diptych/backend-wasm';
import { expectClose, expectNoLeak } from '@diptych/testkit';
import { beforeAll, expect, it } from 'vitest';
import { firstWord, learnWords } from '../src/captions.ts';
import { ccaFits } from '../src/cca-fit.ts';
import { embedPart } from '../src/embed-part.ts';
import { rootUnitRows } from '../src/features.ts';
import { recipe } from '../src/recipe.ts';
import { beginFrom, startFrom } from '../src/start.ts';
import { towersSpec } from '../src/towers.ts';
import { trainingRun, type TrainingRunOptions } from '../src/training-run.ts';
import { variants } from '../src/variants.ts';
import { smallParts } from './small-parts.ts';

const parts = smallParts();
const words = learnWords(parts.train);

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

it('starts where CCA is', () => {
  const views = ccaFits(parts.train, words)({ ridge: [0.5, 1.5], components: 8, power: 1 });
  const config = { words: firstWord + words.words.length, features: 24, dim: 8 };
  using model = initializeModel(towersSpec(config), 1);
  beginFrom(model.params, startFrom(views, words));
  const [photos] = embedPart(parts.val, words, { config, params: model.params });
  const projected = project(views[0], rootUnitRows(parts.val.images));
  expectClose(cosines(photos, photos), cosines(projected, projected), 1e-5);
});

/** A run that is small enough for a test. */
function quick(name: string, epochs: number): Pick<TrainingRunOptions, 'method' | 'recipe'> {
  const small = { dim: 16, epochs, batchSize: 32, learningRate: 1e-2, weightDecay: 0 };
  return { method: variants[name]!, recipe: { ...recipe, ...small } };
}

function cosines(a: Rows, b: Rows): Float64Array {
  return cosineScores(a, b).block([0, a.shape[0]], [0, b.shape[0]]);
}

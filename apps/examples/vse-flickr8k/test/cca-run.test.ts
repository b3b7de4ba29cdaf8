import { cca, moments, project, relativeRidge, weightedView } from '@diptych/alignment';
import { captionRetrieval, cosineScores } from '@diptych/evaluation';
import { expectClose } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { learnWords } from '../src/captions.ts';
import { bagsOf, ccaFits } from '../src/cca-fit.ts';
import { ccaRun } from '../src/cca-run.ts';
import { pick, rootUnitRows } from '../src/features.ts';
import { imageOfCaption } from '../src/part.ts';
import { smallParts } from './small-parts.ts';

const parts = smallParts();
const settings = { ridge: [0.5, 1.5], components: 6, power: 2 } as const;

it('equals CCA of all pairs at once, without chunks and zeros left out', async () => {
  const words = learnWords(parts.train);
  const photos = pick(rootUnitRows(parts.train.images), imageOfCaption(parts.train));
  const all = await moments(photos, bagsOf(parts.train.captions.flat(), words));
  const [x, y] = [relativeRidge(all, 0.5)[0], relativeRidge(all, 1.5)[1]];
  const direct = await cca(all, { ridge: [x, y], components: 6 });
  const [images, captions] = await (await ccaFits(parts.train, words))(settings);
  expectClose(images.weights.data, weightedView(direct.x, direct.values, 2).weights.data, 1e-9);
  expectClose(captions.weights.data, weightedView(direct.y, direct.values, 2).weights.data, 1e-9);
});

it('judges on the validation part and tests the best once', async () => {
  const worse = { ...settings, components: 1 };
  const { trials, ranks } = await ccaRun(parts, [worse, settings]);
  const words = learnWords(parts.train);
  const [images, captions] = await (await ccaFits(parts.train, words))(settings);
  const rsum = async ({ images: features, captions: said }: typeof parts.val) => {
    const rows = await Promise.all([
      project(images, rootUnitRows(features)),
      project(captions, bagsOf(said.flat(), words)),
    ]);
    return (await captionRetrieval(cosineScores(...rows)))['rsum']!;
  };
  expect(trials[1]!.rsum).toBe(await rsum(parts.val));
  expect(trials[1]!.rsum).toBeGreaterThan(trials[0]!.rsum);
  expect(ranks.textRetrieval).toHaveLength(64);
  expect(ranks.imageRetrieval).toHaveLength(192);
});

import { cca, moments, project, relativeRidge, weightedView } from '@diptych/alignment';
import { cosineScores } from '@diptych/evaluation';
import { describeGolden, goldenPath } from '@diptych/golden';
import { beforeAll, expect, it } from 'vitest';
import { learnWords } from '../src/captions.ts';
import { bagsOf, ccaFits } from '../src/cca-fit.ts';
import { pick, rootUnitRows } from '../src/features.ts';
import { readFlickr8k } from '../src/flickr8k.ts';
import { imageOfCaption, type Part, type Parts } from '../src/part.ts';
import { ranksOf } from '../src/ranks.ts';

describeGolden('some photos of Flickr8k', () => {
  const folder = goldenPath('data/flickr8k');
  let parts: Parts;
  beforeAll(async () => {
    parts = await readFlickr8k(folder, 120);
  });

  it('are of the official split, five captions each', () => {
    for (const { images, captions } of Object.values<Part>(parts)) {
      expect(images.shape).toEqual([120, 768]);
      expect(images.data.every((value) => value >= 0)).toBe(true);
      expect(captions).toHaveLength(120);
      expect(captions.every((said) => said.length === 5)).toBe(true);
    }
    expect(parts.train.captions[0]![1]).toBe('A girl going into a wooden building .');
  });

  it('give the ranks that CCA of all pairs and a plain count give', async () => {
    const words = learnWords(parts.train);
    const settings = { ridge: [1, 1.5], components: 20, power: 1 } as const;
    const [images, captions] = await (await ccaFits(parts.train, words))(settings);
    const rows = (part: Part) => [rootUnitRows(part.images), bagsOf(part.captions.flat(), words)] as const;
    const [photos, bags] = rows(parts.val);
    const found = await ranksOf([await project(images, photos), await project(captions, bags)], parts.val);

    const [allPhotos, allBags] = rows(parts.train);
    const all = await moments(pick(allPhotos, imageOfCaption(parts.train)), allBags);
    const ridge = [relativeRidge(all, 1)[0], relativeRidge(all, 1.5)[1]] as const;
    const { x, y, values } = await cca(all, { ridge, components: 20 });
    const [a, b] = await Promise.all([
      project(weightedView(x, values, 1), photos),
      project(weightedView(y, values, 1), bags),
    ]);
    const scores = cosineScores(a, b).block([0, 120], [0, 600]);
    for (let caption = 0; caption < 600; caption++) {
      const own = scores[Math.floor(caption / 5) * 600 + caption]!;
      const better = Array.from({ length: 120 }, (_, photo) => scores[photo * 600 + caption]!).filter((s) => s > own);
      expect(found.imageRetrieval[caption]).toBe(better.length);
    }
  });
});

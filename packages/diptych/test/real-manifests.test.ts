import { describeGolden } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { download, knownModels } from '../src/index.ts';
import { type Manifest, type Stored, valuesIn } from './manifests/grown.ts';
import { filesOf, type Weights, weightsOf } from './manifests/published-files.ts';
import { publishedClips } from './manifests/published-clips.ts';
import { publishedImages } from './manifests/published-images.ts';
import { publishedOpenClips } from './manifests/published-open-clips.ts';
import { publishedTexts } from './manifests/published-texts.ts';

const published = [...publishedTexts, ...publishedImages, ...publishedClips, ...publishedOpenClips];

/** Held against the names and shapes of the published file itself in `tower-keys.test.ts`, or the reference's in `clap-manifest.test.ts`. */
const byItself = ['timm/MobileCLIP2-B-OpenCLIP', 'microsoft/resnet-50', 'laion/clap-htsat-unfused'];

/** The weights with what one of the first file's arrays becomes. */
function changed(weights: Weights, change: (arrays: Map<string, Stored>) => void): Weights {
  const [[path, manifest], ...others] = [...weights] as [[string, Manifest], ...[string, Manifest][]];
  const arrays = new Map(manifest);
  change(arrays);
  return new Map([[path, arrays], ...others]);
}

describeGolden('the arrays of models of published size', () => {
  describe.each(published)('$model', (row) => {
    it('are all there is, and as many numbers as are told of it', async () => {
      const weights = await weightsOf(row);
      await expect(download(await filesOf(row, weights))).resolves.toBeUndefined();
      const read = [...weights.values()].flatMap((arrays) => [...arrays].filter(([name]) => !row.unused?.test(name)));
      const count = read.reduce((sum, [, { shape }]) => sum + valuesIn(shape), 0);
      const told = row.parameters ?? knownModels.find(({ model }) => model === row.model)?.parameters;
      const millions = Number((count / 1e6).toFixed(2));
      expect([count, millions]).toEqual([told ?? count, row.millions ?? millions]);
    });

    it('are refused with one too many, one too few, or one of another shape', async () => {
      const weights = await weightsOf(row);
      const [name, stored] = [...weights.values().next().value!].findLast(
        ([own]) => /\d\..*weight$/.test(own) && !row.unused?.test(own),
      )!;
      for (const [named, wrong] of [
        ['surplus', changed(weights, (arrays) => arrays.set('surplus', { dtype: 'F32', shape: [3] }))],
        [name, changed(weights, (arrays) => arrays.delete(name))],
        [name, changed(weights, (arrays) => arrays.set(name, { ...stored, shape: [...stored.shape, 2] }))],
      ] as const) {
        const call = download(await filesOf(row, wrong));
        const message = expect.stringContaining(named);
        await expect(call).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH', message });
      }
    });
  });

  it('are held of each known model', () => {
    const held = new Set([...published.map(({ model }) => model), ...byItself]);
    expect(knownModels.filter(({ model }) => !held.has(model)).map(({ model }) => model)).toEqual([]);
  });
});

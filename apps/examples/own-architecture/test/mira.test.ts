import type { Embeddings } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import { type EmbeddingSpace, open } from 'diptych';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labels } from '../src/labels.ts';
import { miraTokens } from '../src/mira-text.ts';
import { mira } from '../src/mira.ts';

interface Golden {
  readonly labels: readonly string[];
  readonly token_ids: readonly (readonly number[])[];
  readonly mask_len: readonly number[];
  readonly text_embeds: readonly (readonly number[])[];
  readonly image_ids: readonly string[];
  readonly image_embeds: readonly (readonly number[])[];
  readonly image_labels: readonly string[];
  readonly pred: readonly string[];
  readonly clip_loss_first25: number;
}

describeGolden('a trained dual encoder, defined outside the packages', () => {
  let golden: Golden;
  let photos: Uint8Array[];
  beforeAll(async () => {
    golden = await goldenJson('golden/mira/golden.json');
    photos = await Promise.all(golden.image_ids.map((id) => goldenBytes(`golden/mira/images/${id}.png`)));
  });

  it('makes its own tokens', async () => {
    const { ids, mask, shape } = await miraTokens(golden.labels);
    expect([...ids]).toEqual(golden.token_ids.flat());
    const lengths = golden.labels.map((_, i) => mask.subarray(i * shape[1], (i + 1) * shape[1]).indexOf(0));
    expect(lengths).toEqual(golden.mask_len);
  });

  describeBackends('with its weights', (backend) => {
    // JavaScript alone takes seconds for each.
    const count = backend === 'cpu' ? 5 : 25;
    let space: EmbeddingSpace;
    let texts: Embeddings;
    let images: Embeddings;
    beforeAll(async () => {
      const weights = new Blob([await goldenBytes('models/mira_clip/model.safetensors')]);
      space = await open(blobFiles({ 'model.safetensors': weights }, 'mira'), { architectures: [mira] });
      texts = await expectNoLeak(() => space.embed('text', golden.labels));
      images = await expectNoLeak(() => space.embed('image', photos.slice(0, count)));
    });
    afterAll(() => space[Symbol.dispose]());

    it('embeds texts and photos as its authors do', () => {
      expectClose(texts.data, golden.text_embeds.flat(), 1e-4);
      expectClose(images.data, golden.image_embeds.slice(0, count).flat(), 1e-4);
    });

    it('labels 22 of 25 photos right, or 4 of the first 5, and errs where its authors err', () => {
      const best = chunks(space.similarity(images, texts), 45).map(
        (row) => golden.labels[row.indexOf(Math.max(...row))],
      );
      expect(best).toEqual(golden.pred.slice(0, count));
      expect(best.filter((label, i) => label === golden.image_labels[i])).toHaveLength(count === 25 ? 22 : 4);
    });

    it('scores labels with the temperature of its authors', async () => {
      expect(labels).toEqual(golden.labels);
      const cosines = chunks(space.similarity(images, texts), 45);
      const [scored] = await space.classify(photos.slice(0, 1), labels, { templates: ['{}'] });
      const exps = cosines[0]!.map((cosine) => Math.exp(cosine * 18.333527));
      expect(scored![0]!.label).toBe(golden.pred[0]);
      expect(scored![0]!.score).toBeCloseTo(Math.max(...exps) / exps.reduce((sum, x) => sum + x), 5);
    });

    if (count < 25) return;

    it('has the loss of its authors', () => {
      const cosines = chunks(space.similarity(images, texts), 45);
      const logits = cosines.map((row) => row.slice(0, 25).map((cosine) => cosine * 18.333527));
      expect(clipLoss(logits)).toBeCloseTo(golden.clip_loss_first25, 3);
    });
  });
});

/** Rows of a matrix. */
function chunks(values: Float32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
}

/** Mean cross-entropy of rows and of columns with their own index. */
function clipLoss(logits: readonly (readonly number[])[]): number {
  const columns = logits.map((_, j) => logits.map((row) => row[j]!));
  const entropy = (row: readonly number[], i: number) => Math.log(row.reduce((s, x) => s + Math.exp(x), 0)) - row[i]!;
  const mean = (rows: readonly (readonly number[])[]) => rows.map(entropy).reduce((a, b) => a + b) / rows.length;
  return (mean(logits) + mean(columns)) / 2;
}

import { EmbeddingError } from '@diptych/core';
import { inSplit, karpathy, type KarpathyOptions } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';
import { all, filesOf, imageText } from './files.ts';

const sentences = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ raw: `caption ${i} ] } "`, tokens: ['caption'] }));
const coco = {
  info: { images: ['not these'], note: 'a "quoted\\" brace {' },
  images: [
    { filepath: 'val2014', filename: 'a.jpg', split: 'test', cocoid: 7, sentences: sentences(7) },
    { filepath: 'train2014', filename: 'b.jpg', split: 'restval', cocoid: 8, sentences: sentences(5) },
  ],
  dataset: 'coco',
};

function read(json: unknown, options?: KarpathyOptions) {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const files = filesOf({ 'dataset.json': text, 'val2014/a.jpg': 'A', 'train2014/b.jpg': 'B' });
  return karpathy(files, 'dataset.json', options);
}

describe('karpathy', () => {
  it('reads images by their folder, and the first five captions', async () => {
    const [first, second] = await all(read(coco));
    expect(first).toMatchObject({ id: 'val2014/a.jpg', split: 'test', attributes: { cocoid: 7 } });
    expect(first?.captions).toEqual(sentences(5).map(({ raw }) => raw));
    expect(second?.split).toBe('restval');
    expect(await imageText(second)).toBe('B');
  });

  it('takes all captions and folds restval into train where asked', async () => {
    const found = await all(inSplit(read(coco, { captionsPerImage: 'all', foldRestval: true }), 'train', 'test'));
    expect(found.map(({ captions, split }) => [captions.length, split])).toEqual([
      [7, 'test'],
      [5, 'train'],
    ]);
  });

  it('can be read twice', async () => {
    const samples = read(coco);
    expect((await all(samples)).map(({ id }) => id)).toEqual((await all(samples)).map(({ id }) => id));
  });

  it('names the image that has too few captions', async () => {
    const images = [coco.images[1], { ...coco.images[0], sentences: sentences(4) }];
    await expect(all(read({ images }))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'set/dataset.json, image 1: expected 5 captions, got 4',
    });
  });

  it.each([
    ['no list', '{"dataset": "images"}'],
    ['a cut', JSON.stringify(coco).slice(0, -20)],
    ['a cut in the list', JSON.stringify(coco).slice(0, 400)],
    ['a list of names', '{"images": [{}, "a.jpg"]}'],
    ['no filename', JSON.stringify({ images: [{ split: 'test', sentences: sentences(5) }] })],
    ['a path that leaves', JSON.stringify({ images: [{ ...coco.images[0], filename: '../a.jpg' }] })],
    ['an absolute path', JSON.stringify({ images: [{ ...coco.images[0], filepath: '/val2014' }] })],
    ['an image twice', JSON.stringify({ images: [coco.images[0], coco.images[0]] })],
  ])('refuses %s', async (_, text) => {
    await expect(all(read(text))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('reports what it skips, and goes on', async () => {
    const problems: EmbeddingError[] = [];
    const images = [{ ...coco.images[0], filename: 'gone.jpg' }, { filename: 3 }, coco.images[1], coco.images[1]];
    const found = await all(read({ images }, { onSkip: (problem) => problems.push(problem) }));
    expect(found.map(({ id }) => id)).toEqual(['train2014/b.jpg']);
    expect(problems.map(({ code }) => code)).toEqual(['NOT_FOUND', 'INPUT_INVALID', 'INPUT_INVALID']);
    expect(problems[0]?.message).toBe(
      "set/dataset.json, image 0: expected the image 'val2014/gone.jpg' in set, got none",
    );
  });

  it('finds objects across the pieces that a file is read in', async () => {
    const images = Array.from({ length: 3000 }, (_, i) => ({
      ...coco.images[0],
      filename: `${i}.jpg`,
      note: 'ü"{'.repeat(150),
    }));
    const files = filesOf({ 'dataset.json': JSON.stringify({ images }, undefined, 1) });
    const found = await all(karpathy({ id: files.id, open: files.open }, 'dataset.json'));
    expect(found.map(({ id }) => id)).toEqual(images.map(({ filename }) => `val2014/${filename}`));
  });

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController();
    const reading = (async () => {
      for await (const { id } of read(coco, { signal: stop.signal })) stop.abort(id);
    })();
    await expect(reading).rejects.toBe('val2014/a.jpg');
  });
});

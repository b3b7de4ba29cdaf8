import { inSplit, jsonLines } from '@diptych/datasets';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { all, filesOf } from './files.ts';

/** The annotations of a real data set; only they are read, so nobody says which images are there. */
async function annotations(path: string) {
  const files = filesOf({ 'a.jsonl': await goldenBytes(path) });
  return { id: files.id, open: files.open };
}

describe('jsonLines', () => {
  it('names the line that is no object', async () => {
    const files = filesOf({ 'a.jsonl': '{"image":"a.jpg","caption":"x","stars":4}\r\n\n[1]\n', 'a.jpg': 'A' });
    const problems: string[] = [];
    const found = await all(jsonLines(files, 'a.jsonl', { onSkip: ({ message }) => problems.push(message) }));
    expect(found).toMatchObject([{ id: 'a.jpg', captions: ['x'], attributes: { stars: 4 } }]);
    expect(problems).toEqual(["set/a.jsonl, line 3: expected a JSON object, got '[1]'"]);
  });

  it.each([
    ['{"id":{},"image":"a.jpg","caption":"x"}', 'expected id as text or a number, got object'],
    ['{"image":"a.jpg","caption":"x","split":true}', 'expected split as text or a number, got boolean'],
    ['{"image":"a.jpg","caption":["x",3]}', 'expected captions as text, got ["x",3]'],
    ['{"image":4,"caption":"x"}', 'expected an image as a path or bytes, got number'],
    ['{"image":"a.jpg"', "expected JSON, got '{"],
    ['{"image":"C:\\\\a.jpg","caption":"x"}', 'expected a path inside the folder'],
  ])('refuses %j', async (line, problem) => {
    const samples = jsonLines(filesOf({ 'a.jsonl': line, 'a.jpg': 'A' }), 'a.jsonl');
    const message = expect.stringContaining(`set/a.jsonl, line 1: ${problem}`);
    await expect(all(samples)).rejects.toMatchObject({ code: 'INPUT_INVALID', message });
  });

  it('looks for images where it is told to', async () => {
    const files = filesOf({ 'a.jsonl': '{"image":"a.jpg","caption":"x"}' });
    await expect(all(jsonLines(files, 'a.jsonl'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [sample] = await all(jsonLines(files, 'a.jsonl', { images: filesOf({ 'a.jpg': 'A' }) }));
    expect(await sample?.image()).toEqual(Uint8Array.of(65));
  });
});

describeGolden('jsonLines of real data sets', () => {
  it('has the official split of Flickr8k, five captions each', async () => {
    const samples = jsonLines(await annotations('data/flickr8k/captions.jsonl'), 'a.jsonl');
    const sizes = await Promise.all(
      ['train', 'val', 'test'].map(async (split) => (await all(inSplit(samples, split))).length),
    );
    expect(sizes).toEqual([6000, 1000, 1000]);
    const found = await all(samples);
    expect(new Set(found.map(({ captions }) => captions.length))).toEqual(new Set([5]));
  });

  it('reads COCO with what else is said', async () => {
    const found = await all(jsonLines(await annotations('data/coco_mini/captions.jsonl'), 'a.jsonl'));
    expect(found.length).toBe(159);
    expect(found[0]).toMatchObject({
      id: '000000000139.jpg',
      split: 'val',
      attributes: { license: 'Attribution-NonCommercial License' },
    });
  });

  it('reads emoji, whose images are deeper in the row', async () => {
    const problems: string[] = [];
    const found = await all(
      jsonLines(await annotations('data/emoji/annotations.jsonl'), 'a.jsonl', {
        columns: { image: ({ images }) => (images as Readonly<Record<string, string>>)['fluent3d'] },
        onSkip: ({ message }) => problems.push(message),
      }),
    );
    expect(found.length + problems.length).toBe(1645);
    expect(found[0]).toMatchObject({ id: '1f600', captions: ['grinning face'], attributes: { emoji: '😀' } });
  });

  it('takes labels for captions', async () => {
    const files = await annotations('data/flowers/labels.jsonl');
    const found = await all(jsonLines(files, 'a.jsonl', { columns: { captions: 'label' } }));
    expect(found.length).toBe(3670);
    expect(new Set(found.flatMap(({ captions }) => captions)).size).toBe(5);
  });
});

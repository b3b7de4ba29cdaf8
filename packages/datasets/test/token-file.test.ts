import { EmbeddingError } from '@diptych/core';
import { tokenFile, type TokenFileOptions } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';
import { all, filesOf } from './files.ts';

const group = (image: string, n = 5) => Array.from({ length: n }, (_, i) => `${image}#${i}\tcaption ${i} .\n`).join('');

function read(text: string, options?: TokenFileOptions) {
  const files = filesOf({
    'a.token': text,
    'a.jpg': 'A',
    'b.jpg': 'B',
    'train.txt': 'a.jpg\n',
    'test.txt': 'b.jpg \r\n',
  });
  return all(tokenFile(files, 'a.token', options));
}

describe('tokenFile', () => {
  it('groups the captions of an image, and tells its split', async () => {
    const found = await read(`\uFEFF${group('a.jpg')}${group('b.jpg')}`, {
      splits: { train: 'train.txt', test: 'test.txt' },
    });
    expect(found.map(({ id, split }) => [id, split])).toEqual([
      ['a.jpg', 'train'],
      ['b.jpg', 'test'],
    ]);
    expect(found[1]?.captions[4]).toBe('caption 4 .');
  });

  it('puts captions in the order of their numbers', async () => {
    const [sample] = await read('a.jpg#1\tsecond\r\na.jpg#0\tfirst', { captionsPerImage: 'all' });
    expect(sample?.captions).toEqual(['first', 'second']);
    expect(sample?.split).toBeUndefined();
  });

  it.each([
    [`${group('a.jpg')}b.jpg 0 a caption\n`, "set/a.token, line 6: expected 'image.jpg#0', a tab and a caption"],
    [group('a.jpg', 4), 'set/a.token, line 1: expected 5 captions, got 4'],
    [`${group('a.jpg')}a.jpg#0\tagain\n`, "expected one caption 0 of 'a.jpg', got two"],
    [group('a.jpg') + group('b.jpg') + group('a.jpg'), "set/a.token, line 11: expected an id of its own, got 'a.jpg'"],
    [group('../a.jpg'), "expected a path inside the folder, got '../a.jpg'"],
  ])('refuses a malformed file, naming the line', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('skips the image that Flickr8k lacks, and reports it', async () => {
    const problems: EmbeddingError[] = [];
    const text = group('2258277193_586949ec62.jpg.1') + group('b.jpg');
    const found = await read(text, { onSkip: (problem) => problems.push(problem) });
    expect(found.map(({ id }) => id)).toEqual(['b.jpg']);
    expect(problems[0]).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses an image in two splits', async () => {
    const splits = { train: 'train.txt', val: 'train.txt' };
    await expect(read(group('a.jpg'), { splits })).rejects.toThrow("expected 'a.jpg' in one split, got train and val");
  });

  it('refuses text that is not UTF-8', async () => {
    const files = filesOf({ 'a.token': Uint8Array.of(0x61, 0xff, 0x0a) });
    await expect(all(tokenFile(files, 'a.token'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('says which file is missing', async () => {
    await expect(all(tokenFile(filesOf({}), 'a.token'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

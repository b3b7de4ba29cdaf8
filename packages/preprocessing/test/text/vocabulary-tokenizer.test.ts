import { describeGolden, goldenText } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { captionVocabulary, captionWords, vocabularyTokenizer } from '../../src/index.ts';
import { rows } from './rows.ts';

describe('words of a caption', () => {
  it.each([
    ["A man, who isn't old, rides.", ['a', 'man', ',', 'who', 'is', "n't", 'old', ',', 'rides', '.']],
    ["The dog's tail; they're off!", ['the', 'dog', "'s", 'tail', ';', 'they', "'re", 'off', '!']],
    ['Two tri-colored dogs. They run...', ['two', 'tri-colored', 'dogs', '.', 'they', 'run', '...']],
    ['10:30 for $1,234.56 (50%)', ['10:30', 'for', '$', '1,234.56', '(', '50', '%', ')']],
    ['a sign : "stop" -- now', ['a', 'sign', ':', '``', 'stop', "''", '--', 'now']],
    ["the boys' 'big' u.s. flag.", ['the', 'boys', "'", "'big", "'", 'u.s', '.', 'flag', '.']],
    ['  ', []],
  ])('%j is %j', (caption, want) => {
    expect(captionWords(caption)).toEqual(want);
  });
});

describe('vocabulary of captions', () => {
  const word2idx = { '<pad>': 0, '<start>': 1, '<end>': 2, '<unk>': 3, a: 4, dog: 5 };

  it('holds what occurs often enough, in order, and never a word twice', () => {
    const captions = ['a dog .', 'a cat <pad>', 'A dog <pad>', 'dog'];
    expect(captionVocabulary(captions, { minCount: 3 })).toEqual({ word2idx });
    expect(
      captionVocabulary(['<pad> <pad>'], { minCount: 2, split: (text) => text.split(' ') }).word2idx['<pad>'],
    ).toBe(0);
  });

  it('gives ids between start and end, padded to the longest', () => {
    const { ids, mask, shape } = vocabularyTokenizer({ word2idx })(['A dog runs', 'a']);
    expect(shape).toEqual([2, 5]);
    expect([...ids]).toEqual([1, 4, 5, 3, 2, 1, 4, 2, 0, 0]);
    expect([...mask]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    const short = vocabularyTokenizer(JSON.stringify({ word2idx }), { contextLength: 4 });
    expect(rows(short(['a dog a dog']))).toEqual([[1, 4, 5, 2]]);
  });

  it('says which texts were too long, one that just fits not', () => {
    const short = vocabularyTokenizer({ word2idx }, { contextLength: 4 });
    expect(short(['a dog', 'a dog a', 'a', 'a dog a dog'])).toMatchObject({
      shape: [4, 4],
      cut: Uint8Array.of(0, 1, 0, 1),
    });
    expect(short(['a dog', '', 'a'])).not.toHaveProperty('cut');
    expect(vocabularyTokenizer({ word2idx })(['a dog '.repeat(1000)])).not.toHaveProperty('cut');
  });

  it('refuses a vocabulary without its special words', () => {
    expect(() => vocabularyTokenizer({ word2idx: { a: 0 } })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/'<pad>'/) }),
    );
  });
});

describeGolden('words of the captions of Flickr8k', () => {
  it('are all their letters and marks, none twice', async () => {
    const lines = (await goldenText('data/flickr8k/captions.jsonl')).trim().split('\n').slice(0, 500);
    const plain = (text: string): string => text.toLowerCase().replaceAll(/``|''|"|\s/g, '');
    for (const line of lines) {
      const { captions } = JSON.parse(line) as { captions: string[] };
      expect(captions.map((caption) => plain(captionWords(caption).join('')))).toEqual(captions.map(plain));
    }
  });
});

import { queryRow } from '@diptych/retrieval';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dot, embeddings, rowAt } from '../../src/insight/rows.ts';
import { type Collection, emojiCollection } from './emoji.ts';

describe('the row of a query of real words', () => {
  let pictures: Collection;
  beforeAll(async () => {
    pictures = await emojiCollection();
  });
  afterAll(() => pictures[Symbol.dispose]());

  it('puts what is not wanted further back, and leaves what is wanted in front', async () => {
    const { photos, names } = pictures;
    const place = (row: Float32Array, name: string) => {
      const scores = names.map((_, i) => dot(row, rowAt(photos, i)));
      return scores.filter((score) => score > scores[names.indexOf(name)]!).length;
    };
    const words = await pictures.words(names);
    const one = (i: number) => embeddings({ data: rowAt(words, i), shape: [1, words.shape[1]] });
    const known = names.filter((name, i) => place(rowAt(words, i), name) === 0).filter((_, i) => i % 5 === 0);
    expect(known.length).toBeGreaterThan(30);
    for (const [i, name] of known.entries()) {
      const other = known[(i + 1) % known.length]!;
      const plain = rowAt(words, names.indexOf(name));
      const less = queryRow(one(names.indexOf(name)), one(names.indexOf(other))).data;
      expect(place(less, name), `${name} minus ${other}`).toBe(0);
      expect(place(less, other), `${name} minus ${other}`).toBeGreaterThanOrEqual(place(plain, other));
    }
  });
});

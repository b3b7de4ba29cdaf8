import type { Vocabulary } from './reasons.ts';
import { dot, type Matrix, meanRow, rowAt } from './rows.ts';

/** A tag of the user's is taken where a word would be nearer by up to a quarter. */
const preference = 1.25;

/**
 * A name for each cluster: the word that is nearer to its centre than to the mean of all, and by more than for any other
 * cluster that has no name yet. No two have the same; where words run out, names are numbers.
 *
 * @param centres `[count, dim]`, unit rows.
 * @param tags The user's own words, preferred.
 */
export function nameClusters(centres: Matrix, words: Vocabulary, tags?: Vocabulary): readonly string[] {
  const [count] = centres.shape;
  const mean = meanRow(centres);
  const pairs: { readonly cluster: number; readonly word: string; readonly score: number }[] = [];
  for (let cluster = 0; cluster < count; cluster++) {
    const own = rowAt(centres, cluster).map((value, i) => value - (count > 1 ? mean[i]! : 0));
    const add = (vocabulary: Vocabulary, factor: number) =>
      vocabulary.words.forEach((word, i) => {
        const score = factor * dot(rowAt(vocabulary.rows, i), own);
        if (score > 0) pairs.push({ cluster, word, score });
      });
    add(words, 1);
    if (tags) add(tags, preference);
  }
  const names = Array.from<string | undefined>({ length: count });
  const used = new Set<string>();
  for (const { cluster, word } of pairs.toSorted((a, b) => b.score - a.score)) {
    const key = word.toLowerCase();
    if (names[cluster] !== undefined || used.has(key)) continue;
    names[cluster] = word;
    used.add(key);
  }
  return names.map((name, i) => name ?? `Group ${i + 1}`);
}

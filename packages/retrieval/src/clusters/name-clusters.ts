import { columnMeans, type Embeddings, expectFields, expectRows, expectTexts } from '@diptych/core';

/** Words and their unit rows, in the same order. */
export interface Vocabulary {
  readonly words: readonly string[];
  readonly rows: Rows;
}

type Rows = Pick<Embeddings, 'data' | 'shape'>;

/** A tag of the user's is taken where a word would be nearer by up to a quarter. */
const preference = 1.25;

/**
 * A name for each cluster: the word that is nearer to its centre than to the mean of all, and by more than for any other
 * cluster that has no name yet. No two have the same; where words run out, names are numbers.
 *
 * @param centres `[count, dim]`, unit rows.
 * @param tags The user's own words, preferred.
 * @throws {EmbeddingError} `INPUT_INVALID` for what are no rows and words.
 */
export function nameClusters(centres: Rows, words: Vocabulary, tags?: Vocabulary): readonly string[] {
  expectRows(centres, 'nameClusters: centres');
  for (const each of tags ? [words, tags] : [words]) {
    expectFields(each, 'nameClusters: words');
    expectTexts(each.words, 'nameClusters: words');
    expectRows(each.rows, 'nameClusters: rows of words');
  }
  const [count] = centres.shape;
  const mean = columnMeans(centres);
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

function rowAt({ data, shape: [, dim] }: Rows, row: number): Float32Array {
  return data.subarray(row * dim, (row + 1) * dim);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

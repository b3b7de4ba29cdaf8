import { type Matrix, rowAt, unit } from './rows.ts';

/** What is looked for and what is not: phrases, each embedded by itself. */
export interface Query {
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
}

/** What is taken away: `-word`, `-"some words"`, and what follows `minus` or `without`, up to the next of these. */
const taken = /(?:^|\s)-(?:"([^"]*)"?|(\S+))|(?:^|\s)(?:minus|without)\s+([^]*?)(?=\s+(?:minus|without)\s|\s-\S|$)/gi;

/** Words as a person types them: `beach -people`, `dog minus cat`, `sunset -"red car" -sea`. A hyphen in a word is a hyphen. */
export function parseQuery(text: string): Query {
  const unwanted: string[] = [];
  const rest = text.replace(taken, (_, quoted?: string, word?: string, phrase?: string) => {
    unwanted.push(clean(quoted ?? word ?? phrase ?? ''));
    return ' ';
  });
  return { wanted: [clean(rest)].filter(Boolean), unwanted: unwanted.filter(Boolean) };
}

function clean(phrase: string): string {
  return phrase.replaceAll('"', ' ').replaceAll(/\s+/g, ' ').trim();
}

/** How much of what is not wanted is taken away: with all of it, little but noise would be left of words that are close. */
const weight = 0.5;

/**
 * The row to search by: what is wanted, less half of what is not. Where nothing is wanted, what is unlike the unwanted.
 *
 * @param wanted Unit rows of what is wanted: words, or photos.
 * @returns A unit row; `undefined` where there are no rows, or nothing is left.
 */
export function queryRow(wanted: Matrix, unwanted: Matrix): Float32Array | undefined {
  const dim = Math.max(wanted.shape[1], unwanted.shape[1]);
  const sum = new Float32Array(dim);
  const add = (rows: Matrix, factor: number) => {
    const [count] = rows.shape;
    for (let row = 0; row < count; row++) {
      for (const [i, value] of rowAt(rows, row).entries()) sum[i]! += (factor * value) / count;
    }
  };
  add(wanted, 1);
  add(unwanted, -weight);
  return sum.some((value) => value !== 0) ? unit(sum) : undefined;
}

import { invalid, jsonArray } from './config-file.ts';
import type { MergeTable } from './merge-pairs.ts';
import type { Vocabulary } from './tokenizer-files.ts';

/** Ranks that a key of `mergePairs` has room for. */
const maxMerges = 2 ** 22;

/** Pairs of tokens that merge, the first ones first. */
export interface Merges {
  readonly pairs: readonly (readonly [left: string, right: string])[];
  /** Where pair `i` is written, for messages. */
  readonly where: (i: number) => string;
}

/** The merges of a `merges.txt`: perhaps a line `#version: …`, then two tokens and one space to a line. */
export function mergesText(file: string): Merges {
  const lines = file.split(/\r?\n/);
  const header = lines[0]?.startsWith('#version') ? 1 : 0;
  return mergeLines(lines.slice(header), 'merges.txt', header + 1);
}

/** Merges of the lines of a file from the line numbered `first` on; a last empty line is none. */
export function mergeLines(lines: readonly string[], name: string, first: number): Merges {
  const filled = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  return checked(filled, (i) => `${name}, line ${i + first}`);
}

/** The merges inside `tokenizer.json`, each `"left right"` or `["left", "right"]`. */
export function mergesJson(value: unknown): Merges {
  const name = 'tokenizer.json, model.merges';
  return checked(jsonArray(value, name), (i) => `${name}[${i}]`);
}

function checked(items: readonly unknown[], where: Merges['where']): Merges {
  const pairs = items.map((item, i) => {
    const [left, right, ...rest]: readonly unknown[] =
      typeof item === 'string' ? item.split(' ') : jsonArray(item, where(i));
    const isPair = typeof left === 'string' && typeof right === 'string' && rest.length === 0;
    return isPair && left !== '' && right !== '' ? ([left, right] as const) : invalid(where(i), 'two tokens', item);
  });
  return { pairs, where };
}

/** Merges as ids; their order is their rank. Every token must be in the vocabulary, what they merge to included. */
export function mergeTable({ pairs, where }: Merges, vocabulary: Vocabulary): MergeTable {
  if (pairs.length > maxMerges) invalid(where(maxMerges), `at most ${maxMerges} merges`, pairs.length);
  let vocabularySize = 0;
  for (const id of vocabulary.values()) vocabularySize = Math.max(vocabularySize, id + 1);
  const ranks = new Map<number, number>();
  const merged = new Int32Array(pairs.length);
  for (const [rank, [left, right]] of pairs.entries()) {
    const idOf = (token: string): number =>
      vocabulary.get(token) ?? invalid(where(rank), 'tokens of the vocabulary', token);
    ranks.set(idOf(left) * vocabularySize + idOf(right), rank);
    merged[rank] = idOf(left + right);
  }
  return { ranks, merged, vocabularySize };
}

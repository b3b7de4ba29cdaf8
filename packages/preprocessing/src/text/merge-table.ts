import { invalid, jsonArray } from './config-file.ts';
import type { MergeTable } from './merge-pairs.ts';
import { idsEnd, type Vocabulary } from './tokenizer-files.ts';

/** Ranks that a key of `mergePairs` has room for. */
const maxMerges = 2 ** 22;

/** Pairs of tokens that merge, the first ones first. */
export interface Merges {
  readonly count: number;
  /** @throws {EmbeddingError} `CONFIG_INVALID` where there is no pair. */
  readonly pair: (i: number) => readonly [left: string, right: string];
  /** Where pair `i` is written, for messages. */
  readonly where: (i: number) => string;
}

/** The merges of a `merges.txt`: perhaps a line `#version: …`, then two tokens and one space to a line. */
export function mergesText(file: string): Merges {
  // By one character it takes a quarter of the time.
  const lines = file.split(file.includes('\r') ? /\r?\n/ : '\n');
  const header = lines[0]?.startsWith('#version') ? 1 : 0;
  return mergeLines(lines.slice(header), 'merges.txt', header + 1);
}

/** Merges of the lines of a file from the line numbered `first` on; a last empty line is none. */
export function mergeLines(lines: readonly string[], name: string, first: number): Merges {
  const filled = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  return pairsOf(filled, (i) => `${name}, line ${i + first}`);
}

/** The merges inside `tokenizer.json`, each `"left right"` or `["left", "right"]`. */
export function mergesJson(value: unknown): Merges {
  const name = 'tokenizer.json, model.merges';
  return pairsOf(jsonArray(value, name), (i) => `${name}[${i}]`);
}

function pairsOf(items: readonly unknown[], where: Merges['where']): Merges {
  const pair: Merges['pair'] = (i) => {
    const item = items[i];
    const two = typeof item === 'string' ? halves(item) : jsonArray(item, where(i));
    const [left, right] = two;
    const isPair = typeof left === 'string' && typeof right === 'string' && two.length === 2;
    return isPair && left !== '' && right !== '' ? [left, right] : invalid(where(i), 'two tokens', item);
  };
  return { count: items.length, pair, where };
}

/** What stands on the two sides of the one space in a text. `split` takes twice the time. */
function halves(text: string): readonly string[] {
  const space = text.indexOf(' ');
  return space >= 0 && !text.includes(' ', space + 1) ? [text.slice(0, space), text.slice(space + 1)] : [text];
}

/** Merges as ids; their order is their rank. Every token must be in the vocabulary, what they merge to included. */
export function mergeTable({ count, pair, where }: Merges, vocabulary: Vocabulary): MergeTable {
  if (count > maxMerges) invalid(where(maxMerges), `at most ${maxMerges} merges`, count);
  const vocabularySize = idsEnd(vocabulary);
  const ranks = new Map<number, number>();
  const merged = new Int32Array(count);
  const idOf = (token: string, rank: number): number =>
    vocabulary.get(token) ?? invalid(where(rank), 'tokens of the vocabulary', token);
  for (let rank = 0; rank < count; rank++) {
    const [left, right] = pair(rank);
    ranks.set(idOf(left, rank) * vocabularySize + idOf(right, rank), rank);
    merged[rank] = idOf(left + right, rank);
  }
  return { ranks, merged, vocabularySize };
}

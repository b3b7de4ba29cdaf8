import { invalid } from './config-file.ts';

/** Characters of a word at most. */
const maxLength = 1000;

/**
 * What the longest word stands for that a text has at a place, in time of that word's length however many words there are.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a word of over 1,000 UTF-16 units.
 */
export function longestAt<Value>(words: ReadonlyMap<string, Value>): (text: string, at: number) => Value | undefined {
  /** Next node of a trie by node and unit. */
  const next = new Map<number, number>();
  const values = new Map<number, Value>();
  for (const [word, value] of words) {
    if (word.length > maxLength) invalid('added tokens', `at most ${maxLength} characters`, word);
    let node = 0;
    for (let i = 0; i < word.length; i++) {
      const key = node * 0x10000 + word.charCodeAt(i);
      node = next.get(key) ?? next.size + 1;
      next.set(key, node);
    }
    if (word !== '') values.set(node, value);
  }
  return (text, at) => {
    let found: Value | undefined;
    for (let i = at, node: number | undefined = 0; i < text.length; i++) {
      node = next.get(node * 0x10000 + text.charCodeAt(i));
      if (node === undefined) break;
      found = values.get(node) ?? found;
    }
    return found;
  };
}

import { byteOrder, byteSymbols } from '../../src/text/byte-symbols.ts';
import type { TokenizerFiles } from '../../src/index.ts';

const bytes = byteOrder.map((byte) => byteSymbols[byte]!);
const tokens = [
  ...bytes,
  ...bytes.map((symbol) => `${symbol}</w>`),
  'ca',
  'cat</w>',
  '<|startoftext|>',
  '<|endoftext|>',
];

/** A whole vocabulary whose only merges make `cat`. */
export const smallVocabulary: Readonly<Record<string, number>> = Object.fromEntries(tokens.map((t, id) => [t, id]));
export const [ca, cat, start, end] = [512, 513, 514, 515] as const;

export const smallFiles: TokenizerFiles = { vocab: smallVocabulary, merges: '#version: 0.2\nc a\nca t</w>\n' };

/** The id of one character on its own. */
export function letter(char: string): number {
  return smallVocabulary[`${char}</w>`]!;
}

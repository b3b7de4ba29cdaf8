import { byteSymbols } from './byte-symbols.ts';
import { codePoints } from './code-points.ts';
import { letter, number } from './unicode-tables.ts';

const utf8 = new TextEncoder();

/** UTF-8 bytes of a text, each as the character that stands for it. */
export function byteText(text: string): string {
  return Array.from(utf8.encode(text), (byte) => byteSymbols[byte]!).join('');
}

/** GPT-2's words: a space belongs to what follows it. */
export function gpt2Words(): RegExp {
  const [letters, numbers] = [codePoints(letter), codePoints(number)];
  const words = String.raw` ?[${letters}]+| ?[${numbers}]+| ?[^\p{White_Space}${letters}${numbers}]+`;
  return new RegExp(
    String.raw`'s|'t|'re|'ve|'m|'ll|'d|${words}|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+`,
    'gu',
  );
}

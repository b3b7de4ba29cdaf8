import type { Charsmap } from './charsmap.ts';

const utf8 = new TextEncoder();

/** A table applied as SentencePiece does: at each place the longest known prefix is replaced; what none fits stays. */
export function replaceLongest(text: string, map: Charsmap): string {
  const bytes = utf8.encode(text);
  const parts: string[] = [];
  let at = 0;
  let replacedTo = 0;
  for (const character of text) {
    const length = utf8Length(character.codePointAt(0)!);
    if (at >= replacedTo) {
      const longest = map(bytes, at, 'longest');
      parts.push(longest?.text ?? character);
      replacedTo = at + (longest?.length ?? length);
    }
    at += length;
  }
  return parts.join('');
}

/**
 * A table applied as Hugging Face's library does. A user-perceived character of at most 5 bytes is replaced as a whole by
 * its shortest known prefix, so a mark behind a ligature is lost; the characters of any other are replaced singly.
 */
export function replaceGraphemes(text: string, map: Charsmap): string {
  const first = (part: Uint8Array): string | undefined => map(part, 0, 'shortest')?.text;
  const parts: string[] = [];
  for (const { segment } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)) {
    const bytes = utf8.encode(segment);
    const whole = bytes.length < 6 ? first(bytes) : undefined;
    if (whole !== undefined) parts.push(whole);
    else for (const character of segment) parts.push(first(utf8.encode(character)) ?? character);
  }
  return parts.join('');
}

function utf8Length(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

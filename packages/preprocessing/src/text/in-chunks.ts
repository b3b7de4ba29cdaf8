import { pieceSize, type Steps } from '@diptych/core';

/** A text made of another: at once, or in steps where it is long. */
export type Made = string | Steps<string>;

/** What a letter costs, in multiplications as `pieces` counts them. */
export const letterCost = 512;
/** Letters that are cleaned at once. */
const chunkLetters = pieceSize / letterCost;

/**
 * Letters and digits before which a text may be cut: no normal form joins one to what stands before it, as it does marks,
 * the vowels of Hangul and the narrow forms of kana.
 */
const border = /[\dA-Za-z\u0400-\u0481\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\uac00-\ud7a3]/g;

/**
 * The same in chunks of 16,384 letters or more, with a pause after each.
 *
 * @param clean Looks no further than from one `border` to the next.
 */
export function inChunks(clean: (text: string) => string): (text: string) => Made {
  return (text) => (isLong(text) ? chunked(text, clean) : clean(text));
}

/** Whether cleaning a text takes as long as a piece. */
export function isLong(text: string): boolean {
  return text.length > chunkLetters;
}

function* chunked(text: string, clean: (text: string) => string): Steps<string> {
  let made = '';
  for (let from = 0; from < text.length; yield) {
    border.lastIndex = from + chunkLetters;
    const to = border.exec(text)?.index;
    made += clean(text.slice(from, to));
    from = to ?? text.length;
  }
  return made;
}

/** In steps, whichever it is. */
export function* stepsOf(text: Made): Steps<string> {
  return typeof text === 'string' ? text : yield* text;
}

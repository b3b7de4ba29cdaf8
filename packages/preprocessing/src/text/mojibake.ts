import { reread as inAnyPage } from './code-pages.ts';
import { byteOf } from './windows-1252.ts';

/** Bytes 0x80 to 0xbf as windows-1252 or Latin-1 shows them. */
const tail = '[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]';
const sequence = `(?:[Â-ß]${tail}|[à-ï]${tail}{2}|[ð-ô]${tail}{3})`;

/**
 * Sequences that no honest text has: Latin-1 letters, `â€` punctuation and emoji read wrongly, a C1 control, or two
 * sequences in a row. One alone may be honest, as `É”` and `é”—` are.
 */
const evident = new RegExp(
  `[ÂÃ]${tail}|â€${tail}|ðŸ${tail}{2}|${sequence}{2,}|(?=.{1,3}[\u0080-\u009f])${sequence}`,
  'gu',
);

/** Capitals that are the first of two bytes of UTF-8 in a code page, and that no honest sign of `signs` follows. */
const capitals = 'ÄÅÆÇÈÉÊËÌÍÏÑØÜÝĀĂĆČĎĐĒĖĘĚĞĢİĪĶĹĻŁŃŅŇŘŚŞŠŢŮŰŹŻŽ';
const signs = '¤¦§¨ª¬¯°±²³µ¶¸¹º¼½¾ƒˆˇ˘˛˜†‡‰';

/** Two bytes as some code page shows them: a capital and a sign, or a letter and a C1 control. */
const pair = new RegExp(`[${capitals}][${signs}]|[ÎÐ]${tail}|[\\p{L}×][\u0080-\u009f]`, 'gu');

const anySequence = new RegExp(sequence, 'gu');

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * UTF-8 that was read as windows-1252 or Latin-1, read again, as often as it was misread: `schÃ¶n` is `schön`; of other code
 * pages, two bytes that are evident by themselves. Nothing changes without an evident sequence; with one, doubtful sequences are read again too if nothing else is beyond ASCII.
 */
export function repairMojibake(text: string): string {
  const repaired = text.replace(evident, reread).replace(pair, (found) => inAnyPage(found) ?? found);
  if (repaired === text) return text;
  const isWhole = !/[^\0-\x7f]/.test(text.replace(anySequence, ''));
  return repairMojibake(isWhole ? text.replace(anySequence, reread) : repaired);
}

/** The text of the bytes that `misread` shows; `misread` itself when they are not UTF-8. */
function reread(misread: string): string {
  const bytes = Uint8Array.from(misread, (char) => byteOf(char)!);
  try {
    return utf8.decode(bytes);
  } catch {
    return misread;
  }
}

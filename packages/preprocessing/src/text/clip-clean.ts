import { fixText } from './fix-text.ts';
import { unescapeHtml } from './unescape-html.ts';
import { nfc } from './nfc.ts';

/** What the Hugging Face tokenizer does first: NFC, white space to single spaces, lower case. */
export function cleanHf(text: string): string {
  return lowerEach(collapse(nfc(text)));
}

/**
 * What OpenAI's and open_clip's tokenizers do first: repair, HTML entities twice, white space to single spaces, none at
 * the ends, lower case.
 *
 * @param repair The place of ftfy's `fix_text`.
 */
export function cleanOpenai(text: string, repair: (text: string) => string = fixText): string {
  return collapse(unescapeHtml(unescapeHtml(repair(text))))
    .trim()
    .toLowerCase();
}

function collapse(text: string): string {
  return text.replace(/\p{White_Space}+/gu, ' ');
}

/** Lower case without context: JavaScript, like Python, writes a final sigma as ς, Rust's `char` always as σ. */
function lowerEach(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}
